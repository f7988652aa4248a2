// The search over a list: what one types is theirs, whatever the server says meanwhile.
import { createElement as h, useEffect, useRef, useState } from "react";
import { useNavigate } from "react-router";
import { withQuery } from "./query.js";

const QUIET_MS = 300;

// A search that goes into the address once nothing was typed for a while. What the address says later
// comes back as `value`: who still types keeps their own words.
export const Search = ({ value, words, icon, name, shortcut }) => {
  const navigate = useNavigate();
  const [text, setText] = useState(value);
  const field = useRef(null);
  const told = useRef([value]);
  const timer = useRef(null);
  useEffect(() => {
    const isTyped = document.activeElement === field.current;
    if (timer.current === null && !(isTyped && told.current.includes(value))) setText(value);
  }, [value]);
  useEffect(() => () => clearTimeout(timer.current), []);
  const type = (event) => {
    const typed = event.target.value;
    setText(typed);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      timer.current = null;
      told.current = [...told.current.slice(-20), typed.trim()];
      navigate(withQuery({ [name]: typed }), { replace: true });
    }, QUIET_MS);
  };
  return h(
    "label",
    { className: "k-search" },
    icon,
    h("input", {
      ref: field,
      type: "search",
      value: text,
      placeholder: words,
      "aria-label": words,
      "aria-keyshortcuts": shortcut || undefined,
      onChange: type,
    }),
  );
};
