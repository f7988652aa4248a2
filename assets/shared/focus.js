import { createElement, useEffect, useRef } from "react";

// The cursor goes back where it was when a dialog closes. Ours open by the server's word, so Radix knows
// no trigger of theirs and would leave the cursor nowhere: by keyboard one would begin at the page's top.
const openers = [];
let outside = null;

const inside = "[role=dialog], [role=alertdialog], [role=menu], [data-radix-focus-guard]";

if (typeof document !== "undefined") {
  document.addEventListener("focusin", ({ target }) => {
    if (!target.closest(inside)) outside = target;
  });
  // A menu's button is not focused by the mouse: Radix gives the cursor to the menu at once.
  document.addEventListener(
    "pointerdown",
    ({ target }) => {
      const pressed = target.closest("button, a[href]");
      if (pressed && !pressed.closest(inside)) outside = pressed;
    },
    true,
  );
}

export const rememberFocus = () => {
  const here = document.activeElement;
  openers.push(here && here !== document.body && !here.closest("[role=menu]") ? here : outside);
};

// An opener that has gone meanwhile (a row, the bar of a selection) leaves the page itself.
export const giveFocusBack = (event) => {
  event.preventDefault();
  const opener = openers.pop();
  const to = opener?.isConnected ? opener : document.getElementById("content");
  to?.focus({ preventScroll: true });
};

// A step of several on one page takes its form away with the cursor in it. The next step's heading gets
// it then, so that a screen reader reads on and Tab goes to the first control of the step.
export const Step = ({ now, className, children }) => {
  const root = useRef(null);
  const last = useRef(now);
  useEffect(() => {
    if (last.current === now) return undefined;
    last.current = now;
    const frame = requestAnimationFrame(() => {
      const heading = root.current?.querySelector("h2");
      if (document.activeElement !== document.body || !heading) return;
      heading.tabIndex = -1;
      heading.focus({ preventScroll: true });
    });
    return () => cancelAnimationFrame(frame);
  }, [now]);
  return createElement("div", { ref: root, className, "aria-live": "polite" }, children);
};
