// A text input with a list of a tree under it: a level at a time, or a search; the server has the tree.
import { createElement as h, useEffect, useId, useRef, useState } from "react";

const PAUSE_MS = 180;
const KEPT = 60;
const kept = new Map();

const read = async (address, asked, signal) => {
  const url = `${address}?${new URLSearchParams(asked)}`;
  if (kept.has(url)) return kept.get(url);
  const answer = await fetch(url, { signal, headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`status ${answer.status}`);
  const found = await answer.json();
  if (kept.size >= KEPT) kept.delete(kept.keys().next().value);
  kept.set(url, found);
  return found;
};

const above = (value) => value.split(" > ").slice(0, -1).join(" > ");

export const TreePicker = ({ address, defaultValue, texts, onPick, ...rest }) => {
  const [text, setText] = useState(defaultValue ?? "");
  const [asked, setAsked] = useState(null); // {under} or {q}; null: closed
  const [found, setFound] = useState(null); // null: on its way; {failed} or the answer
  const [active, setActive] = useState(-1);
  const told = useRef(defaultValue ?? "");
  const input = useRef(null);
  const list = useRef(null);
  const id = useId();
  const isOpen = asked !== null;
  const under = asked?.under ?? "";

  useEffect(() => {
    setText(defaultValue ?? "");
    told.current = defaultValue ?? "";
  }, [defaultValue]);

  useEffect(() => {
    if (!asked) return undefined;
    const stop = new AbortController();
    const timer = setTimeout(
      () =>
        read(address, asked, stop.signal).then(
          (answer) => {
            setFound(answer);
            setActive(asked.q && !answer.isNear && answer.rows.length ? 0 : -1);
          },
          (error) => error.name === "AbortError" || setFound({ rows: [], failed: true }),
        ),
      asked.q ? PAUSE_MS : 0,
    );
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [asked, address]);

  useEffect(() => {
    list.current?.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
  }, [active, found]);

  // A dialog listens on the document before any element hears a key: Escape closes the list first, not it.
  useEffect(() => {
    if (!isOpen) return undefined;
    const onEscape = (event) => {
      if (event.key !== "Escape" || event.target !== input.current) return;
      event.preventDefault();
      event.stopPropagation();
      setAsked(null);
    };
    window.addEventListener("keydown", onEscape, true);
    return () => window.removeEventListener("keydown", onEscape, true);
  }, [isOpen]);

  // The last name says which category it is: a long path shows its end.
  useEffect(() => {
    const field = input.current;
    if (field !== document.activeElement) field.scrollLeft = field.scrollWidth;
  }, [text]);

  const ask = (what) => {
    setFound(null);
    setActive(-1);
    setAsked(what);
  };
  const close = () => setAsked(null);
  const tell = (value) => {
    if (value === told.current) return;
    told.current = value;
    onPick?.(value);
  };
  const take = (row) => {
    if (!row.canBeTaken) return ask({ under: row.value });
    setText(row.value);
    close();
    return tell(row.value);
  };
  const rows = found?.rows ?? [];

  const onKeyDown = (event) => {
    const row = rows[active];
    const { selectionStart, selectionEnd, value } = event.target;
    const isBrowsing = isOpen && !asked.q;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!isOpen) return ask({ under: above(text) });
      const next = active + (event.key === "ArrowDown" ? 1 : -1);
      return setActive(rows.length ? (next + rows.length) % rows.length : -1);
    }
    if (event.key === "ArrowRight" && row?.parts && selectionEnd === value.length) {
      event.preventDefault();
      return ask({ under: row.value });
    }
    if (event.key === "ArrowLeft" && isBrowsing && under && (row || selectionStart === 0)) {
      event.preventDefault();
      return ask({ under: above(under) });
    }
    if (event.key === "Enter" && isOpen && row) {
      event.preventDefault();
      return take(row);
    }
    if (event.key === "Enter" && onPick) {
      event.preventDefault();
      close();
      return tell(text.trim());
    }
    return undefined;
  };

  const option = (row, at) =>
    h(
      "li",
      {
        key: row.value,
        id: `${id}-${at}`,
        role: "option",
        "aria-selected": at === active,
        "aria-label": [row.name, row.above, row.note, row.parts ? texts.opens : ""].filter(Boolean).join(", "),
        className: "k-tree-row",
        onClick: () => take(row),
        onPointerMove: () => at === active || setActive(at),
      },
      h(
        "span",
        { className: "k-two" },
        h("span", null, row.name),
        asked.q && row.above && h("span", { className: "k-under" }, row.above),
      ),
      h("span", { className: "k-tree-note" }, row.note),
      row.parts
        ? h(
            "span",
            {
              className: "k-tree-parts",
              title: texts.opens,
              onClick: (event) => {
                event.stopPropagation();
                ask({ under: row.value });
              },
            },
            "›",
          )
        : h("span", { className: "k-tree-parts", "aria-hidden": true }),
    );

  const note = !found
    ? texts.waits
    : found.failed
      ? texts.failed
      : found.isNear
        ? rows.length
          ? texts.near
          : texts.nothing
        : found.isCut
          ? texts.cut
          : "";

  return h(
    "span",
    {
      className: "k-tree-picker",
      onBlur: (event) => {
        if (event.currentTarget.contains(event.relatedTarget)) return;
        close();
        requestAnimationFrame(() => input.current && (input.current.scrollLeft = input.current.scrollWidth));
        if (onPick) tell(text.trim());
      },
    },
    h("input", {
      ...rest,
      ref: input,
      type: "text",
      role: "combobox",
      autoComplete: "off",
      spellCheck: false,
      value: text,
      title: text,
      "aria-expanded": isOpen && rows.length > 0,
      "aria-autocomplete": "list",
      "aria-controls": isOpen && rows.length ? `${id}-list` : undefined,
      "aria-activedescendant": isOpen && active >= 0 ? `${id}-${active}` : undefined,
      onFocus: (event) => event.target.select(),
      onClick: () => isOpen || ask({ under: above(text) }),
      onChange: (event) => {
        const typed = event.target.value;
        setText(typed);
        ask(typed.trim() ? { q: typed } : { under: "" });
      },
      onKeyDown,
    }),
    isOpen &&
      h(
        "span",
        // The input keeps the focus: a press in the list is no leaving of it.
        { className: "k-tree-list", onMouseDown: (event) => event.preventDefault() },
        under &&
          h(
            "button",
            { type: "button", tabIndex: -1, className: "k-tree-back", onClick: () => ask({ under: above(under) }) },
            "‹ ",
            under,
          ),
        note && h("span", { className: "k-tree-said", role: "status" }, note),
        rows.length > 0 &&
          h("ul", { ref: list, id: `${id}-list`, role: "listbox", "aria-label": texts.list }, rows.map(option)),
      ),
  );
};
