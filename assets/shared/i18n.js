// Texts in the person's language. Russian is the source: what a catalogue lacks is shown in Russian.
import { useCallback, useSyncExternalStore } from "react";
import { catalogues } from "./catalogues.js";

const SOURCE = "ru";
const KEY = "language";
const listeners = new Set();

const read = () => {
  try {
    const code = localStorage.getItem(KEY);
    return code in catalogues ? code : SOURCE;
  } catch {
    return SOURCE;
  }
};

const subscribe = (listener) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

// The server draws Russian, so the first drawing in the browser must be Russian too.
export const useLanguage = () => useSyncExternalStore(subscribe, read, () => SOURCE);

export const setLanguage = (code) => {
  localStorage.setItem(KEY, code);
  document.documentElement.lang = code;
  listeners.forEach((listener) => listener());
};

const fill = (text, values) =>
  values
    ? text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? format(values[name]) : whole))
    : text;

const numbers = new Intl.NumberFormat("ru-RU"); // made once: it costs more than what it formats

export const format = (value) =>
  typeof value === "number"
    ? numbers.format(value).replace(/\s/g, "\u00a0").replace("-", "\u2212")
    : String(value ?? "");

export const translate = (language, text, values) => {
  const found = catalogues[language]?.[text];
  return fill(typeof found === "string" ? found : text, values);
};

export const countedIn = (language, count, one, few, many) => {
  const found = catalogues[language]?.[one];
  const rule = new Intl.PluralRules(Array.isArray(found) ? language : SOURCE).select(count);
  const source = { one, few }[rule] ?? many;
  const word = Array.isArray(found) ? (found[rule === "one" ? 0 : found.length - 1] ?? source) : source;
  return `${format(count)}\u00a0${word}`;
};

export const useTranslate = () => {
  const language = useLanguage();
  return useCallback((text, values) => translate(language, text, values), [language]);
};

export const useCounted = () => {
  const language = useLanguage();
  return useCallback((...words) => countedIn(language, ...words), [language]);
};
