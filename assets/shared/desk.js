// What a support person hears and presses: news of chats, and keys that press what stands on the page.
import { useEffect, useRef } from "react";
import { useNavigate } from "react-router";
import { chime, wouldSound } from "./chime.js";

const isOpen = (chat) => window.location.pathname.replace(/\/$/, "") === `/chats/${chat}`;

// Asked for by a press alone: browsers refuse a page that asks by itself.
export const allowNotices = () => {
  if ("Notification" in window) Notification.requestPermission();
};

// Sounds when a customer has written, unless that very chat is before the person's eyes.
export const News = ({ news }) => {
  const navigate = useNavigate();
  const heard = useRef(news.number);
  useEffect(() => {
    if (news.number <= heard.current) {
      heard.current = news.number;
      return;
    }
    heard.current = news.number;
    const isHidden = document.visibilityState !== "visible";
    if (!wouldSound() || (!isHidden && isOpen(news.chat_id))) return;
    chime();
    if (!isHidden || !("Notification" in window) || Notification.permission !== "granted") return;
    const note = new Notification(news.person, { body: news.text, tag: news.chat_id });
    note.onclick = () => {
      window.focus();
      navigate(`/chats/${news.chat_id}`);
      note.close();
    };
  }, [news.number]);
  return null;
};

// By the place of a key, not its letter: a Russian layout has «о» where Latin has «j».
const LETTERS = { KeyJ: "j", KeyK: "k", KeyR: "r", KeyN: "n", KeyT: "t", KeyE: "e" };
const meant = (event) => {
  if (event.key === "?" || (event.code === "Slash" && event.shiftKey)) return "?";
  if (event.key === "/" || event.code === "Slash") return "/";
  return event.shiftKey ? null : LETTERS[event.code];
};

const isTyping = (element) => Boolean(element.closest?.("input, textarea, select, [contenteditable=true]"));
const isShown = (element) => element.offsetParent !== null;

const step = (by) => {
  const rows = [...document.querySelectorAll(".k-talk-row")].filter(isShown);
  if (!rows.length) return;
  const here = rows.indexOf(document.activeElement);
  const from = here >= 0 ? here : rows.findIndex((it) => it.getAttribute("aria-current") === "true");
  const to = from < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, from + by));
  rows[to].focus();
  rows[to].scrollIntoView({ block: "nearest" });
};

// A control says by `aria-keyshortcuts` which key presses it.
export const Shortcuts = () => {
  useEffect(() => {
    const onKey = (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
      if (isTyping(event.target) || document.querySelector("[role=dialog], [role=alertdialog], [role=menu]")) return;
      const key = meant(event);
      if (!key) return;
      if (key === "j" || key === "k") {
        event.preventDefault();
        step(key === "j" ? 1 : -1);
        return;
      }
      const control = [...document.querySelectorAll(`[aria-keyshortcuts="${key}"]`)].find(isShown);
      if (!control || control.disabled) return;
      event.preventDefault();
      if (control.matches("input, textarea")) control.focus();
      else control.click();
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);
  return null;
};

const without = (name) => {
  const query = new URLSearchParams(window.location.search);
  query.delete(name);
  return query;
};

const address = (path, query) => {
  const text = query.toString();
  return text ? `${path}?${text}` : path;
};

// A chat's address with the list's filters kept; `at`: the message to open it at.
export const chatAddress = (chat, at) => {
  const query = without("at");
  if (at) query.set("at", at);
  return address(`/chats/${chat}`, query);
};

export const listAddress = () => address("/", without("at"));
