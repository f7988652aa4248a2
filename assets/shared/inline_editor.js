// A value edited where it stands: Enter or leaving the cell saves, Esc returns.
import { createElement as h, useEffect, useLayoutEffect, useRef, useState } from "react";
import { tidied, typed } from "./digits.js";
import { useTranslate } from "./i18n.js";

const SAVED_MS = 2500;
const PATIENCE_MS = 15000;

export const InlineEditor = (props) => {
  const { value, label, kind, unit, placeholder, optional, outcome, disabled, hint, onSave, onType } = props;
  const translate = useTranslate();
  const [draft, setDraft] = useState(null);
  const [phase, setPhase] = useState("idle"); // idle | saving | saved | refused
  const [problem, setProblem] = useState("");
  const input = useRef(null);
  const shown = useRef(null);
  const cursor = useRef(null);
  const turn = outcome?.turn ?? 0;
  const seen = useRef(turn);

  // The server answers by a new turn: an error text, or none when the value is kept.
  useEffect(() => {
    if (turn === seen.current) return undefined;
    seen.current = turn;
    if (phase !== "saving") return undefined;
    if (outcome.error) {
      setProblem(outcome.error);
      setPhase("refused");
      return undefined;
    }
    setDraft(null);
    setPhase("saved");
    return undefined;
  }, [turn]);

  useEffect(() => {
    if (phase === "refused") input.current?.focus();
    if (phase !== "saved" && phase !== "saving") return undefined;
    const timer = setTimeout(
      () => {
        if (phase === "saving") {
          setProblem(translate("Нет ответа. Проверьте связь и повторите."));
          setPhase("refused");
        } else setPhase("idle");
      },
      phase === "saving" ? PATIENCE_MS : SAVED_MS,
    );
    return () => clearTimeout(timer);
  }, [phase]);

  useLayoutEffect(() => {
    if (cursor.current !== null) input.current?.setSelectionRange(cursor.current, cursor.current);
    cursor.current = null;
  }, [draft]);

  const open = () => {
    setDraft(tidied(value ?? ""));
    if (value) onType?.(value);
    setProblem("");
    setPhase("idle");
  };
  const close = () => {
    setDraft(null);
    setPhase("idle");
    requestAnimationFrame(() => shown.current?.focus());
  };
  const save = () => {
    if (phase === "saving") return;
    if (draft.trim() === tidied(value ?? "").trim()) {
      setDraft(null);
      setPhase("idle");
      return;
    }
    setPhase("saving");
    onSave?.(draft.trim());
  };

  if (draft === null) {
    return h(
      "button",
      {
        ref: shown,
        type: "button",
        className: `k-edit ${value ? "" : optional ? "k-edit-optional" : "k-edit-empty"} ${phase}`,
        disabled,
        onClick: open,
        "aria-label": `${label}: ${value ? `${value} ${unit}` : placeholder}`,
      },
      phase === "saved" && h("span", { className: "k-edit-mark", role: "status" }, "✓\u00a0"),
      value ? h("span", null, value, "\u00a0", h("span", { className: "k-edit-unit" }, unit)) : optional ? placeholder : `+ ${placeholder}`,
    );
  }
  const money = kind === "money";
  return h(
    "span",
    { className: `k-editing ${phase}` },
    h("input", {
      ref: input,
      value: draft,
      autoFocus: true,
      // At once, not a frame later: a digit typed in between would be replaced by the next one.
      onFocus: (event) => event.target.select(),
      readOnly: phase === "saving",
      inputMode: kind === "text" ? "text" : "numeric",
      enterKeyHint: "done",
      "aria-label": label,
      "aria-invalid": phase === "refused",
      onChange: (event) => {
        const next = money ? typed(event.target) : { value: event.target.value, position: null };
        cursor.current = next.position;
        setDraft(next.value);
        onType?.(next.value);
        if (phase === "refused") setPhase("idle");
      },
      onKeyDown: (event) => {
        if (event.key === "Enter") {
          event.preventDefault();
          save();
        } else if (event.key === "Escape") {
          event.stopPropagation();
          close();
        }
      },
      onBlur: () => (phase === "refused" ? undefined : save()),
    }),
    phase === "saving"
      ? h("span", { className: "k-spinner", "aria-hidden": true })
      : h("span", { className: "k-edit-unit", "aria-hidden": true }, unit),
    phase === "refused"
      ? h("span", { className: "k-edit-note wrong", role: "alert" }, problem)
      : h("span", { className: "k-edit-note", role: hint ? "status" : undefined }, hint && `${hint} · `, h("kbd", null, "Enter"), " ", translate("сохранить")),
  );
};
