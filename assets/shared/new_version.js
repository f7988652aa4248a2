// Reflex puts up a bar of its own, in English, when a tab is older than the server; here it gets our words.
import { useEffect } from "react";

const BAR = "reflex-new-version-banner";

const dress = (text, verb) => {
  const bar = document.getElementById(BAR);
  const button = bar?.querySelector("button");
  if (!button) return;
  bar.removeAttribute("style");
  bar.className = "k-offline k-new-version";
  bar.firstChild.textContent = text;
  button.removeAttribute("style");
  button.className = "k-link";
  button.textContent = verb;
};

export const NewVersion = ({ text, verb }) => {
  useEffect(() => {
    const watching = new MutationObserver(() => dress(text, verb));
    watching.observe(document.body, { childList: true });
    dress(text, verb);
    return () => watching.disconnect();
  }, [text, verb]);
  return null;
};
