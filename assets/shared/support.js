// The window of support: a button on every page, and behind it the talk. Closed, it asks the server nothing.
import { createElement as h, useEffect, useRef, useState, useSyncExternalStore } from "react";
import { Picture, Talk } from "./chat.js";
import { Composer } from "./composer.js";
import * as talk from "./support_talk.js";

const ZONE = "Asia/Almaty";
const FIVE = [1, 2, 3, 4, 5];
const WAITS_LONG_MS = 3 * 60_000;

const useTalk = () => useSyncExternalStore(talk.subscribe, talk.current, talk.current);

const dayOf = (at) => new Date(at).toLocaleDateString("sv", { timeZone: ZONE });
const timeOf = (at) => new Date(at).toLocaleTimeString("ru", { timeZone: ZONE, hour: "2-digit", minute: "2-digit" });
const dayWords = (at, texts) => {
  const day = dayOf(at);
  if (day === dayOf(Date.now())) return texts.today;
  if (day === dayOf(Date.now() - 86_400_000)) return texts.yesterday;
  return new Date(at).toLocaleDateString(document.documentElement.lang || "ru", { timeZone: ZONE, day: "numeric", month: "long" });
};
const sizeOf = (size) => (size < 1_048_576 ? `${Math.max(1, Math.round(size / 1024))}\u00a0КБ` : `${(size / 1_048_576).toFixed(1).replace(".", ",")}\u00a0МБ`);

const button = (words, onClick, kind = "secondary", more = {}) =>
  h("button", { type: "button", className: `k-button k-${kind} k-size-s`, onClick, ...more }, words);

const Enclosed = ({ file, texts }) => {
  const href = `/api/support/files/${file.id}`;
  if (file.is_image) return h(Picture, { href, name: file.name, gone: texts.gone });
  return h(
    "a",
    { href, target: "_blank", rel: "noopener", className: "k-enclosure" },
    h("span", { className: "k-two" }, h("span", { className: "k-strong" }, file.name), file.size && h("span", { className: "k-note" }, sizeOf(file.size))),
  );
};

const Bubble = ({ isOwn, author, text, files, texts, mark = "", day = "", under }) =>
  h(
    "div",
    null,
    day && h("p", { className: "k-talk-day" }, day),
    h(
      "div",
      { className: isOwn ? "k-said-line ours" : "k-said-line" },
      h("span", { className: "k-unseen" }, isOwn ? texts.you : author),
      h(
        "div",
        { className: "k-said", "data-ours": isOwn, "data-mark": mark, dir: "auto" },
        files.map((file) => h(Enclosed, { key: file.id, file, texts })),
        text && h("p", null, text),
      ),
      h("div", { className: "k-said-under" }, under),
    ),
  );

const Said = ({ row, before, chat, texts }) => {
  const day = before && dayOf(before.at) === dayOf(row.at) ? "" : dayWords(row.at, texts);
  const how = row.at <= chat.seen_at ? texts.read : texts.sent;
  return h(Bubble, { ...row, isOwn: row.is_own, texts, day, under: [row.is_own ? how : row.author, timeOf(row.at)].map((it) => h("span", { key: it }, it)) });
};

const Pending = ({ item, texts }) => {
  const isBad = item.status === "failed" || item.status === "refused";
  const under = isBad
    ? [
        h("span", { key: "why", role: "alert" }, item.error || texts.failed),
        item.status === "failed" && h("button", { key: "again", type: "button", className: "k-link", onClick: () => talk.again(item.key) }, texts.again),
        h("button", { key: "drop", type: "button", className: "k-link", onClick: () => talk.drop(item.key) }, texts.drop),
      ]
    : [h("span", { key: "way" }, item.status === "sent" ? texts.sent : texts.sending)];
  return h(Bubble, { ...item, isOwn: true, texts, mark: isBad ? "failed" : item.status === "sent" ? "" : "sending", under });
};

const Rate = ({ chat, texts }) => {
  const [rating, setRating] = useState(chat.rating);
  const [words, setWords] = useState(chat.words);
  const [error, setError] = useState("");
  const [isChanging, setIsChanging] = useState(!chat.rating);
  const give = async () => {
    const refusal = await talk.deed("/rating", { rating, words });
    setError(refusal === null ? texts.lost : refusal);
    if (refusal === "") setIsChanging(false);
  };
  if (!isChanging) {
    return h("div", { className: "k-support-rate", role: "status" }, h("p", null, `${texts.thanks} ${rating}/5`), h("button", { type: "button", className: "k-link", onClick: () => setIsChanging(true) }, texts.change));
  }
  return h(
    "div",
    { className: "k-support-rate" },
    h("p", { className: "k-strong", id: "support-rate" }, texts.rate),
    h(
      "div",
      { role: "radiogroup", "aria-labelledby": "support-rate", className: "k-support-stars" },
      FIVE.map((it) =>
        h("button", { key: it, type: "button", role: "radio", "aria-checked": rating === it, "aria-label": `${it}/5`, "data-on": it <= rating, onClick: () => setRating(it) }, "★"),
      ),
    ),
    rating > 0 &&
      h("input", { className: "k-input", value: words, maxLength: 500, placeholder: texts.word, "aria-label": texts.word, onChange: (event) => setWords(event.target.value) }),
    error && h("p", { className: "k-form-error", role: "alert" }, error),
    rating > 0 && button(texts.give, give, "primary"),
  );
};

const useTyping = (until) => {
  const [, turn] = useState(0);
  useEffect(() => {
    const left = until - Date.now();
    if (left <= 0) return undefined;
    const end = setTimeout(() => turn((it) => it + 1), left);
    return () => clearTimeout(end);
  }, [until]);
  return until > Date.now();
};

const standing = ({ chat, isLost, rows }, texts) => {
  if (isLost) return texts.lost;
  if (!chat) return "";
  const last = rows.at(-1);
  const waits = last?.is_own && Date.now() - last.at > WAITS_LONG_MS;
  if (!chat.is_online || waits) return `${waits && chat.is_online ? texts.busy : texts.offline} ${chat.mail}`;
  return chat.answerer ? `${texts.answers} ${chat.answerer}` : texts.online;
};

const Body = ({ known, texts }) => {
  const { chat, rows, outbox } = known;
  const isTyping = useTyping(known.typesUntil);
  if (known.phase === "loading") return h("div", { className: "k-support-wait", role: "status" }, texts.loading);
  if (known.phase === "error") {
    return h("div", { className: "k-support-wait", role: "alert" }, h("p", null, texts.notOpened), button(texts.again, talk.reload));
  }
  const last = outbox.at(-1)?.key ?? rows.at(-1)?.id ?? "";
  return h(
    Talk,
    { thread: chat.me, view: "", first: rows[0]?.id ?? "", last, unread: chat.unread > 0, hasOlder: false, label: texts.title, onOlder: talk.older, onSeen: talk.seen },
    known.hasOlder && h("div", { className: "k-talk-older" }, button(known.isReadingOlder ? texts.loading : texts.older, talk.older, "secondary", { disabled: known.isReadingOlder })),
    !rows.length && !outbox.length && h("p", { className: "k-support-hello" }, texts.hello),
    rows.map((row, index) => h(Said, { key: row.id, row, before: rows[index - 1], chat, texts })),
    outbox.map((item) => h(Pending, { key: item.key, item, texts })),
    h("p", { className: "k-support-typing", "aria-live": "polite" }, isTyping ? texts.typing : ""),
  );
};

const Foot = ({ known, texts, composer }) => {
  const [insert, setInsert] = useState({ number: 0, deed: "keep", text: "", thread: "" });
  const { chat } = known;
  if (!chat) return null;
  const send = (thread, text, _key, _ids, files) => {
    talk.send(text.trim(), files.map((it) => ({ ...it, is_image: /\.(jpe?g|png)$/i.test(it.name) })));
    setInsert((it) => ({ number: it.number + 1, deed: "clear", text: "", thread }));
  };
  return h(
    "div",
    { className: "k-talk-foot" },
    chat.is_closed && h("p", { className: "k-second" }, texts.closed),
    chat.can_rate && h(Rate, { key: chat.rating, chat, texts }),
    h(Composer, { ...composer, name: "support-answer", thread: `support:${chat.me}`, address: "/api/support/files", insert, onSend: send, onTyping: () => talk.tell("typing") }),
  );
};

const Panel = ({ known, texts, icons, composer, onClose }) => {
  const { chat } = known;
  const canEnd = chat?.is_begun && !chat.is_closed;
  return h(
    "section",
    {
      className: "k-support",
      id: "support-window",
      role: "dialog",
      "aria-label": texts.title,
      onKeyDown: (event) => event.key === "Escape" && onClose(),
    },
    h(
      "header",
      { className: "k-talk-head" },
      h("div", null, h("h2", null, texts.title), h("p", { className: "k-note", "aria-live": "polite" }, standing(known, texts))),
      canEnd && button(texts.end, () => talk.deed("/close", {})),
      h("button", { type: "button", className: "k-icon-button", "aria-label": texts.close, onClick: onClose }, icons.close),
    ),
    h(Body, { known, texts }),
    h(Foot, { known, texts, composer }),
  );
};

export const SupportWindow = ({ unread, texts, icons, composer }) => {
  const known = useTalk();
  const opener = useRef(null);
  useEffect(() => {
    const isAsked = new URLSearchParams(location.search).get("chat") === "1";
    if (isAsked || talk.wasOpen()) talk.open();
  }, []);
  const shut = () => {
    talk.close();
    opener.current?.focus();
  };
  const begin = () => {
    talk.open();
    // On a phone the keyboard would cover what was said.
    if (matchMedia("(min-width: 761px)").matches) setTimeout(() => document.getElementById("support-answer")?.focus(), 300);
  };
  const count = known.isOpen ? 0 : unread;
  return h(
    "div",
    { className: "k-support-place", "data-open": known.isOpen },
    known.isOpen && h(Panel, { known, texts, icons, composer, onClose: shut }),
    h(
      "button",
      {
        ref: opener,
        type: "button",
        className: "k-support-button",
        "aria-expanded": known.isOpen,
        "aria-controls": "support-window",
        "aria-label": count ? `${texts.open}. ${texts.unread} ${count}` : texts.open,
        title: texts.open,
        onClick: known.isOpen ? shut : begin,
      },
      icons.open,
      count > 0 && h("span", { className: "k-mark", "aria-hidden": true }, count > 99 ? "99+" : count),
    ),
  );
};
