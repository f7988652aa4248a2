// What is typed to somebody, with files. Drafts are kept for each talk, a note's apart from an answer's;
// Enter sends; `/` offers texts at hand.
import { createElement as h, useEffect, useRef, useState } from "react";

const TYPING_MS = 3000;
const OFFERED = 6;
// In the tab's own storage: a reload loses nothing that was typed.
const drafts = {
  get: (place) => {
    try {
      return sessionStorage.getItem(`cube_draft:${place}`);
    } catch {
      return null;
    }
  },
  set: (place, text) => {
    try {
      sessionStorage.setItem(`cube_draft:${place}`, text);
    } catch {
      // Full, or forbidden: the text stays in the field alone.
    }
  },
  delete: (place) => {
    try {
      sessionStorage.removeItem(`cube_draft:${place}`);
    } catch {
      // Nothing was kept, then.
    }
  },
};

const upload = (address, file, texts, onPercent) =>
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

// Not crypto.randomUUID: it is there in secure contexts alone.
const newKey = () =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (it) => it.toString(16).padStart(2, "0")).join("");

// What stands after the last `/` before the cursor, where texts are asked for by it.
const wanted = (text, at) => /(?:^|\s)\/([^\s/]*)$/.exec(text.slice(0, at))?.[1].toLowerCase() ?? null;

const fitting = (offers, word) => {
  if (word === null) return [];
  const begins = (it) => it.shortcut.toLowerCase().startsWith(word);
  const holds = (it) => it.title.toLowerCase().includes(word);
  return [...offers.filter(begins), ...offers.filter((it) => !begins(it) && holds(it))].slice(0, OFFERED);
};

const Offers = ({ found, chosen, label, onChoose }) =>
  h(
    "ul",
    { className: "k-offers", role: "listbox", id: "offers", "aria-label": label },
    found.map((it, index) =>
      h(
        "li",
        {
          key: it.id,
          id: `offer-${index}`,
          role: "option",
          "aria-selected": index === chosen,
          // Not on click: that would take the cursor away first.
          onPointerDown: (event) => {
            event.preventDefault();
            onChoose(it);
          },
        },
        h("b", null, `/${it.shortcut}`),
        h("span", null, it.title),
      ),
    ),
  );

const Modes = ({ isNote, texts, onChoose }) =>
  h(
    "div",
    { className: "k-composer-modes", role: "group", "aria-label": texts.modes },
    [
      [false, texts.answer, "r"],
      [true, texts.note, "n"],
    ].map(([value, words, key]) =>
      h(
        "button",
        { key, type: "button", "aria-pressed": isNote === value, "aria-keyshortcuts": key, onClick: () => onChoose(value) },
        words,
      ),
    ),
  );

export const Composer = ({
  name, thread, address, accept, mostBytes, mostFiles = 1, longest, insert, offers, texts, attach, submit,
  onSend, onNote, onTyping, onOffered, children,
}) => {
  const [isNote, setIsNote] = useState(false);
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const [chosen, setChosen] = useState(0);
  const [isPutAway, setIsPutAway] = useState(false);
  const [files, setFiles] = useState([]);
  const [percent, setPercent] = useState(null);
  const [error, setError] = useState("");
  const [isBusy, setIsBusy] = useState(false);
  const [isOver, setIsOver] = useState(false);
  const place = isNote ? `${thread}/note` : thread;
  const area = useRef(null);
  const key = useRef(null);
  const done = useRef(insert?.number ?? 0);
  const here = useRef(place);
  const sent = useRef({ text: "", files: [] });
  const room = useRef(0);
  const uploads = useRef(Promise.resolve());
  const typed = useRef(0);
  const found = isNote || isPutAway || !offers ? [] : fitting(offers, wanted(text, at));

  const change = (value) => {
    key.current = null;
    setText(value);
    setChosen(0);
    if (value) drafts.set(place, value);
    else drafts.delete(place);
  };

  const type = (event) => {
    setIsPutAway(false);
    setAt(event.target.selectionStart);
    change(event.target.value);
    if (!onTyping || isNote || !event.target.value || Date.now() - typed.current < TYPING_MS) return;
    typed.current = Date.now();
    onTyping(thread);
  };

  useEffect(() => setIsNote(false), [thread]);

  useEffect(() => {
    here.current = place;
    key.current = null;
    setText(drafts.get(place) ?? "");
    setFiles([]);
    setPercent(null);
    setError("");
    setIsBusy(false);
    // Who opens a talk from the list writes next; on a phone the keyboard would cover what was said.
    if (matchMedia("(min-width: 761px)").matches && document.activeElement?.closest(".k-talks")) area.current?.focus();
  }, [place]);

  useEffect(() => {
    if (!insert || insert.number === done.current) return;
    done.current = insert.number;
    if (insert.thread !== place) {
      // Another talk is open by now: what was sent from that one is no draft any more.
      if (insert.deed === "clear") drafts.delete(insert.thread);
      return;
    }
    setIsBusy(false);
    if (insert.deed === "clear") {
      typed.current = 0; // who writes on is seen to at once
      const said = sent.current;
      change(text.startsWith(said.text) ? text.slice(said.text.length) : text);
      setFiles((kept) => kept.filter((it) => !said.files.includes(it)));
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

  const choose = (mode) => {
    setIsNote(mode);
    area.current?.focus({ preventScroll: true });
  };

  const offer = (it) => {
    const before = text.slice(0, at).replace(/\/[^\s/]*$/, "");
    change((before + text.slice(at)).trimEnd());
    onOffered(thread, it.id);
  };

  room.current = mostFiles - files.length;
  const takeOne = async (picked) => {
    if (here.current !== place) return; // the file was for the person whose talk was open
    if (mostFiles > 1 && room.current <= 0) {
      setError(texts.tooMany);
      return;
    }
    if (picked.size > mostBytes) {
      setError(texts.tooBig);
      return;
    }
    setPercent(0);
    const answer = await upload(address, picked, texts, (value) => here.current === place && setPercent(value));
    if (here.current !== place) return;
    setPercent(null);
    key.current = null;
    if (answer.error) {
      setError(answer.error);
      return;
    }
    room.current -= 1;
    const added = { id: answer.id, name: picked.name };
    setFiles((kept) => (mostFiles === 1 ? [added] : [...kept, added]));
  };

  // One after another: the server counts what one person uploads.
  const take = (picked) => {
    if (isNote || !address || !picked.length) return;
    setError("");
    for (const it of [...picked].slice(0, mostFiles + 1)) uploads.current = uploads.current.then(() => takeOne(it));
    uploads.current.then(() => area.current?.focus({ preventScroll: true }));
  };

  const isEmpty = !text.trim() && !files.length;
  const say = () => {
    if (isEmpty || isBusy || percent !== null || text.length > longest) return;
    key.current ??= newKey();
    setIsBusy(true);
    sent.current = { text, files };
    if (isNote) onNote(thread, text, key.current);
    else onSend(thread, text, key.current, files.map((it) => it.id), files);
  };

  // Returns whether a key was for the list of texts.
  const choosing = (event) => {
    if (!found.length) return false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) setChosen((chosen + step + found.length) % found.length);
    else if (event.key === "Escape") setIsPutAway(true);
    else if (["Enter", "Tab"].includes(event.key) && !event.shiftKey) offer(found[chosen]);
    else return false;
    event.preventDefault();
    return true;
  };

  const press = (event) => {
    if (event.nativeEvent.isComposing || choosing(event)) return;
    if (event.key === "Escape") {
      area.current.blur();
      document.querySelector(".k-talk-row[aria-current=true]")?.focus();
    }
    if (event.key !== "Enter" || event.shiftKey) return;
    event.preventDefault();
    if (!event.repeat) say();
  };

  const remove = (file) => {
    key.current = null;
    setFiles((kept) => kept.filter((it) => it !== file));
  };
  const chips = [
    ...files.map((it) =>
      h(
        "p",
        { key: it.id, className: "k-enclosed" },
        h("span", null, it.name),
        h("button", { type: "button", className: "k-quiet", "aria-label": `${texts.remove}: ${it.name}`, onClick: () => remove(it) }, texts.remove),
      ),
    ),
    percent !== null && h("p", { key: "way", className: "k-enclosed", role: "status" }, `${texts.sending} ${percent}\u00a0%`),
  ];
  const placeholder = isNote ? texts.noteText : texts.placeholder;

  return h(
    "div",
    {
      className: "k-composer",
      "data-drop": isOver,
      "data-note": isNote,
      onDragOver: (event) => {
        if (!event.dataTransfer.types.includes("Files")) return;
        event.preventDefault();
        setIsOver(!isNote);
      },
      onDragLeave: (event) => {
        if (!event.currentTarget.contains(event.relatedTarget)) setIsOver(false);
      },
      onDrop: (event) => {
        if (!event.dataTransfer.files.length) return;
        event.preventDefault();
        setIsOver(false);
        take(event.dataTransfer.files);
      },
    },
    onNote && h(Modes, { isNote, texts, onChoose: choose }),
    error && h("p", { className: "k-form-error", role: "alert" }, error),
    text.length > longest &&
      h("p", { className: "k-form-error", role: "alert" }, `${texts.tooLong} ${text.length}\u00a0/\u00a0${longest}`),
    chips,
    found.length > 0 && h(Offers, { found, chosen, label: texts.offers, onChoose: offer }),
    h("textarea", {
      ref: area,
      id: name,
      rows: 1,
      value: text,
      placeholder: files.length ? texts.caption : placeholder,
      "aria-label": placeholder,
      ...(found.length > 0 && { "aria-controls": "offers", "aria-activedescendant": `offer-${chosen}` }),
      onChange: type,
      onSelect: (event) => setAt(event.target.selectionStart),
      onPaste: (event) => {
        if (!event.clipboardData.files.length) return;
        event.preventDefault();
        take(event.clipboardData.files);
      },
      onKeyDown: press,
    }),
    h(
      "div",
      { className: "k-composer-tools" },
      !isNote &&
        h(
          "label",
          { className: "k-icon-button", title: texts.attach },
          attach,
          h("input", {
            type: "file",
            accept,
            multiple: mostFiles > 1,
            className: "k-unseen",
            "aria-label": texts.attach,
            onChange: (event) => {
              take([...event.target.files]);
              event.target.value = "";
            },
          }),
        ),
      !isNote && children,
      h("span", { className: "k-note k-wide-only k-push" }, isNote ? texts.noteKeys : texts.keys),
      h(
        "button",
        {
          type: "button",
          className: "k-button k-primary k-size-m",
          disabled: isEmpty || isBusy || percent !== null || text.length > longest,
          "aria-busy": isBusy,
          onClick: say,
        },
        submit,
        h("span", null, isNote ? texts.keep : texts.send),
      ),
    ),
  );
};
