// Values that change in place and ages that count by themselves, by the server's clock.
import { createElement, useEffect, useMemo, useRef, useState, useSyncExternalStore } from "react";
import { useLanguage } from "./i18n.js";

const FLASH_MS = 1600;
const clock = { server: null, browser: 0, speed: 1 };
const listeners = new Set();
let beat = 0;
let timer = null;

// One timer for all ages of the page; it asks nobody.
const subscribe = (listener) => {
  listeners.add(listener);
  timer ??= setInterval(() => {
    beat += 1;
    listeners.forEach((each) => each());
  }, 1000);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) {
      clearInterval(timer);
      timer = null;
    }
  };
};

const now = () =>
  clock.server === null ? Date.now() : clock.server + (Date.now() - clock.browser) * clock.speed;

export const ServerClock = ({ at, speed }) => {
  useEffect(() => {
    if (!at) return;
    Object.assign(clock, { server: Date.parse(at), browser: Date.now(), speed: speed || 1 });
  }, [at, speed]);
  return null;
};

const WORDS = {
  ru: { s: "с", m: "мин", h: "ч", d: "дн", ago: (span) => `${span} назад`, yesterday: "вчера" },
  kk: { s: "с", m: "мин", h: "сағ", d: "күн", ago: (span) => `${span} бұрын`, yesterday: "кеше" },
  en: { s: "s", m: "min", h: "h", d: "d", ago: (span) => `${span} ago`, yesterday: "yesterday" },
};

// Made once: a formatter costs more than all that it formats, and every age of a page asks each second.
const ALMATY = { timeZone: "Asia/Almaty" };
const days = new Intl.DateTimeFormat("en-CA", ALMATY);
const wholes = new Intl.DateTimeFormat("ru-RU", { ...ALMATY, dateStyle: "short", timeStyle: "medium" });
const minutes = new Intl.DateTimeFormat("ru-RU", { ...ALMATY, hour: "2-digit", minute: "2-digit" });
const dayOf = (time) => days.format(new Date(time));

export const ageText = (at, present, language) => {
  const words = WORDS[language] ?? WORDS.ru;
  const moment = Date.parse(at);
  const seconds = Math.max(0, Math.floor((present - moment) / 1000));
  if (seconds < 60) return words.ago(`${seconds}\u00a0${words.s}`);
  if (seconds < 3600) return words.ago(`${Math.floor(seconds / 60)}\u00a0${words.m}`);
  if (dayOf(moment) === dayOf(present)) return words.ago(`${Math.floor(seconds / 3600)}\u00a0${words.h}`);
  if (dayOf(moment) === dayOf(present - 86400000)) return words.yesterday;
  return dayText(at, language);
};

// «28 ноя», as the server writes it, not the browser's «28 нояб.».
const dayText = (at, language) => {
  const text = new Intl.DateTimeFormat(language, { day: "numeric", month: "short", ...ALMATY }).format(new Date(at));
  return language === "ru" ? text.replace(/(\p{L}{3})\p{L}*\.?/u, "$1") : text.replace(".", "");
};

const spanText = (ms, language) => {
  const words = WORDS[language] ?? WORDS.ru;
  const count = Math.max(1, Math.floor(ms / 60000));
  if (count < 60) return `${count}\u00a0${words.m}`;
  if (count < 2880) return `${Math.floor(count / 60)}\u00a0${words.h}`;
  return `${Math.floor(count / 1440)}\u00a0${words.d}`;
};

export const Age = ({ at, prefix, never }) => {
  const language = useLanguage();
  // The words are what it waits for: most seconds change none of them, so nothing is drawn anew.
  const words = () => (at ? ageText(at, now(), language) : "");
  const text = useSyncExternalStore(subscribe, words, () => "");
  const full = useMemo(() => (at ? wholes.format(new Date(at)) : ""), [at]);
  if (!at) return createElement("span", null, never);
  return createElement("time", { dateTime: at, title: full }, prefix ? `${prefix} ${text}` : text);
};

export const Flash = ({ watch, children }) => {
  const [flashing, setFlashing] = useState(false);
  const last = useRef(watch);
  useEffect(() => {
    if (last.current === watch) return undefined;
    const first = last.current === "" || last.current === null || last.current === undefined;
    last.current = watch;
    if (first) return undefined;
    setFlashing(true);
    const end = setTimeout(() => setFlashing(false), FLASH_MS);
    return () => clearTimeout(end);
  }, [watch]);
  return createElement("span", { className: flashing ? "k-live flash" : "k-live" }, children);
};

export const leftText = (until, present) => {
  const seconds = Math.max(0, Math.ceil((Date.parse(until) - present) / 1000));
  const minutes = Math.floor(seconds / 60) % 60;
  const hours = Math.floor(seconds / 3600);
  const two = (number) => String(number).padStart(2, "0");
  return hours ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
};

// Counts down to a moment of the server's clock and stands at 0:00, or says `done` then.
export const Countdown = ({ until, prefix, done }) => {
  useSyncExternalStore(subscribe, () => beat, () => 0);
  if (!until) return null;
  const left = leftText(until, now());
  const words = done && left === "0:00" ? done : [prefix, left].filter(Boolean).join(" ");
  return createElement("time", { dateTime: until, className: "k-countdown" }, words);
};

// A promise and its moment: «Ответить до 14:25», and once that has passed «Просрочено 12 мин».
export const Due = ({ words, until, late }) => {
  const language = useLanguage();
  const isLate = () => until !== "" && now() > Date.parse(until);
  const text = () => {
    if (!until) return "";
    if (isLate()) return `${late} ${spanText(now() - Date.parse(until), language)}`;
    const day = dayOf(Date.parse(until)) === dayOf(now()) ? "" : `${dayText(until, language)}, `;
    return `${words} ${day}${minutes.format(new Date(until))}`;
  };
  const shown = useSyncExternalStore(subscribe, text, () => "");
  if (!until) return null;
  return createElement("time", { dateTime: until, className: "k-due", "data-tone": isLate() ? "red" : "gray" }, shown);
};
