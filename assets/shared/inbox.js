// A talk that stays at its newest message, a composer that keeps drafts, a picture that may be gone.
import { createElement as h, useEffect, useRef, useState } from "react";

const NEAR = 96;

// Opened, it shows the newest; a new message scrolls only who stands there; older ones move nothing.
export const Talk = ({ thread, view, first, last, unread, hasOlder, label, onOlder, onSeen, children }) => {
  const box = useRef(null);
  const was = useRef({ thread: "", view: "", first: "", height: 0, near: true });
  const asked = useRef("");
  useEffect(() => {
    const element = box.current;
    const before = was.current;
    if (before.thread !== thread || before.view !== view || (before.near && before.first === first)) element.scrollTop = element.scrollHeight;
    else if (before.first !== first) element.scrollTop += element.scrollHeight - before.height;
    was.current = { ...before, thread, view, first, height: element.scrollHeight };
  }, [thread, view, first, last]);
  useEffect(() => {
    const element = box.current;
    const onScroll = () => {
      was.current.near = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR;
      // Once for what stands first now: the answer brings another first one.
      if (!hasOlder || element.scrollTop > NEAR || asked.current === first) return;
      asked.current = first;
      onOlder();
    };
    const onPicture = () => {
      if (was.current.near) element.scrollTop = element.scrollHeight;
      was.current.height = element.scrollHeight;
    };
    element.addEventListener("scroll", onScroll, { passive: true });
    element.addEventListener("load", onPicture, true);
    return () => {
      element.removeEventListener("scroll", onScroll);
      element.removeEventListener("load", onPicture, true);
    };
  }, [first, hasOlder]);
  // Read is what somebody has before their eyes: not a tab behind others.
  useEffect(() => {
    if (!thread || !unread) return undefined;
    const tell = () => {
      if (document.visibilityState === "visible") onSeen(thread);
    };
    tell();
    document.addEventListener("visibilitychange", tell);
    return () => document.removeEventListener("visibilitychange", tell);
  }, [thread, last, unread]);
  return h("div", { ref: box, className: "k-talk", tabIndex: 0, role: "log", "aria-label": label }, children);
};

export const Picture = ({ href, name, gone }) => {
  const [isGone, setIsGone] = useState(false);
  if (isGone || !href) return h("span", { className: "k-second" }, gone);
  return h(
    "a",
    { href, target: "_blank", rel: "noopener", className: "k-picture" },
    h("img", { src: href, alt: name, loading: "lazy", onError: () => setIsGone(true) }),
  );
};

const drafts = new Map();

const send = (address, file, texts, onPercent) =>
  new Promise((resolve) => {
    const request = new XMLHttpRequest();
    const answer = () => {
      try {
        return JSON.parse(request.responseText);
      } catch {
        return {};
      }
    };
    request.upload.onprogress = (event) => onPercent(Math.floor((event.loaded / event.total) * 100));
    request.onload = () =>
      resolve(request.status === 201 ? { id: answer().id } : { error: answer().message ?? texts.failed });
    request.onerror = () => resolve({ error: texts.failed });
    request.open("POST", address);
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.setRequestHeader("X-File-Name", encodeURIComponent(file.name));
    request.send(file);
  });

export const Composer = ({ thread, address, accept, mostBytes, longest, insert, texts, attach, submit, onSend, children }) => {
  const [text, setText] = useState("");
  const [file, setFile] = useState(null);
  const [percent, setPercent] = useState(null);
  const [error, setError] = useState("");
  const [isBusy, setIsBusy] = useState(false);
  const [isOver, setIsOver] = useState(false);
  const area = useRef(null);
  const key = useRef(null);
  const done = useRef(insert?.number ?? 0);
  const here = useRef(thread);
  const sent = useRef("");

  const change = (value) => {
    key.current = null;
    setText(value);
    if (value) drafts.set(thread, value);
    else drafts.delete(thread);
  };

  useEffect(() => {
    here.current = thread;
    setText(drafts.get(thread) ?? "");
    setFile(null);
    setPercent(null);
    setError("");
    setIsBusy(false);
    // Who opens a talk from the list writes next; on a phone the keyboard would cover what was said.
    if (matchMedia("(min-width: 761px)").matches && document.activeElement?.closest(".k-talks")) area.current?.focus();
  }, [thread]);

  useEffect(() => {
    if (!insert || insert.number === done.current) return;
    done.current = insert.number;
    if (insert.thread !== thread) {
      // Another talk is open by now: what was sent from that one is no draft any more.
      if (insert.deed === "clear") drafts.delete(insert.thread);
      return;
    }
    setIsBusy(false);
    if (insert.deed === "clear") {
      change(text.startsWith(sent.current) ? text.slice(sent.current.length) : text);
      setFile(null);
    }
    if (insert.deed === "insert") change(text.trim() ? `${text.trimEnd()}\n${insert.text}` : insert.text);
    area.current?.focus({ preventScroll: true });
  }, [insert?.number]);

  // The server answers at once; should the answer be lost, the same key makes the second press no second message.
  useEffect(() => {
    if (!isBusy) return undefined;
    const end = setTimeout(() => setIsBusy(false), 8000);
    return () => clearTimeout(end);
  }, [isBusy]);

  const take = async (chosen) => {
    if (!chosen) return;
    setError("");
    if (chosen.size > mostBytes) {
      setError(texts.tooBig);
      return;
    }
    setPercent(0);
    const answer = await send(address, chosen, texts, (value) => here.current === thread && setPercent(value));
    if (here.current !== thread) return; // the file was for the buyer whose talk was open
    setPercent(null);
    key.current = null;
    if (answer.error) setError(answer.error);
    else setFile({ id: answer.id, name: chosen.name });
    area.current?.focus({ preventScroll: true });
  };

  const isEmpty = !text.trim() && !file;
  const say = () => {
    if (isEmpty || isBusy || percent !== null || text.length > longest) return;
    // Not crypto.randomUUID: it is there in secure contexts alone.
    key.current ??= Array.from(crypto.getRandomValues(new Uint8Array(16)), (it) => it.toString(16).padStart(2, "0")).join("");
    setIsBusy(true);
    sent.current = text;
    onSend(thread, text, key.current, file?.id ?? "");
  };

  const chip =
    percent !== null
      ? h("p", { className: "k-enclosed", role: "status" }, `${texts.sending} ${percent}\u00a0%`)
      : file &&
        h(
          "p",
          { className: "k-enclosed" },
          h("span", null, file.name),
          h("button", { type: "button", className: "k-quiet", onClick: () => setFile(null) }, texts.remove),
        );

  return h(
    "div",
    {
      className: "k-composer",
      "data-drop": isOver,
      onDragOver: (event) => {
        if (!event.dataTransfer.types.includes("Files")) return;
        event.preventDefault();
        setIsOver(true);
      },
      onDragLeave: (event) => {
        if (!event.currentTarget.contains(event.relatedTarget)) setIsOver(false);
      },
      onDrop: (event) => {
        if (!event.dataTransfer.files.length) return;
        event.preventDefault();
        setIsOver(false);
        take(event.dataTransfer.files[0]);
      },
    },
    error && h("p", { className: "k-form-error", role: "alert" }, error),
    chip,
    h("textarea", {
      ref: area,
      id: "answer",
      rows: 1,
      value: text,
      maxLength: longest,
      placeholder: file ? texts.caption : texts.placeholder,
      "aria-label": texts.placeholder,
      onChange: (event) => change(event.target.value),
      onPaste: (event) => {
        if (!event.clipboardData.files.length) return;
        event.preventDefault();
        take(event.clipboardData.files[0]);
      },
      onKeyDown: (event) => {
        if (event.key === "Escape") document.querySelector(".k-talk-row[aria-current=true]")?.focus();
        if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
        event.preventDefault();
        if (!event.repeat) say();
      },
    }),
    h(
      "div",
      { className: "k-composer-tools" },
      h(
        "label",
        { className: "k-icon-button", title: texts.attach },
        attach,
        h("input", {
          type: "file",
          accept,
          className: "k-unseen",
          "aria-label": texts.attach,
          onChange: (event) => {
            take(event.target.files[0]);
            event.target.value = "";
          },
        }),
      ),
      children,
      h("span", { className: "k-note k-wide-only k-push" }, texts.keys),
      h(
        "button",
        {
          type: "button",
          className: "k-button k-primary k-size-m",
          disabled: isEmpty || isBusy || percent !== null,
          "aria-busy": isBusy,
          onClick: say,
        },
        submit,
        h("span", null, texts.send),
      ),
    ),
  );
};
