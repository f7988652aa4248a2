// The sound of news, an order or a message: made here and played by the browser, so there is no file; on or off is
// remembered on this device. A browser lets a page sound only after the person has touched it.
import { useEffect, useRef, useSyncExternalStore } from "react";

const KEY = "orders_sound";
const GUARD_MS = 600;
const NOTES = [
  [880, 0],
  [1174.66, 0.14],
];
const listeners = new Set();
let context = null;

const tell = () => listeners.forEach((listener) => listener());

const subscribe = (listener) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

const isWanted = () => {
  try {
    return localStorage.getItem(KEY) !== "off";
  } catch {
    return true;
  }
};

// Asked before anything sounds: a context made too early is refused with a warning in the console.
const isAllowed = () => navigator.userActivation?.hasBeenActive ?? context?.state === "running";

const read = () => (!isWanted() ? "off" : isAllowed() ? "on" : "waiting");

if (typeof document !== "undefined") {
  document.addEventListener("pointerup", tell, true);
  document.addEventListener("keyup", tell, true);
}

export const chime = () => {
  context ??= new AudioContext();
  context.resume();
  for (const [pitch, after] of NOTES) {
    const start = context.currentTime + after;
    const tone = context.createOscillator();
    const loudness = context.createGain();
    tone.frequency.value = pitch;
    loudness.gain.setValueAtTime(0.0001, start);
    loudness.gain.exponentialRampToValueAtTime(0.25, start + 0.015);
    loudness.gain.exponentialRampToValueAtTime(0.0001, start + 0.4);
    tone.connect(loudness).connect(context.destination);
    tone.start(start);
    tone.stop(start + 0.45);
  }
};

export const wouldSound = () => read() === "on";

// "on", "off", or "waiting" for the first press that lets the browser sound.
export const useChime = () => useSyncExternalStore(subscribe, read, () => "on");

// Whoever switches it on hears what it will be.
export const toggleChime = () => {
  const wanted = !isWanted();
  localStorage.setItem(KEY, wanted ? "on" : "off");
  if (wanted && isAllowed()) chime();
  tell();
};

// Sounds when `count` grows. Rows that have just moved down are not pressed by who aimed at another one.
export const Arrivals = ({ count }) => {
  const heard = useRef(count);
  useEffect(() => {
    const isMore = count > heard.current;
    heard.current = count;
    if (!isMore) return undefined;
    if (wouldSound()) chime();
    const table = document.querySelector("table.k-table");
    table?.classList.add("k-still");
    const end = setTimeout(() => table?.classList.remove("k-still"), GUARD_MS);
    return () => clearTimeout(end);
  }, [count]);
  return null;
};
