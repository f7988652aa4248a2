// The search over a list: what one types is theirs, whatever is found meanwhile.
import { createElement as h, useEffect, useRef, useState } from "react";
import { useLocation, useNavigate } from "react-router";
import { withQuery } from "./query.js";

const QUIET_MS = 300;

// It goes into the address once nothing was typed for a while. What the address says otherwise (a step back,
// «Сбросить») is shown, and what was about to be asked for is not; one's own words that come back are not.
export const Search = ({ value, words, icon, name, shortcut }) => {
  const navigate = useNavigate();
  const asked = new URLSearchParams(useLocation().search).get(name) ?? "";
  const [text, setText] = useState(value);
  const field = useRef(null);
  const told = useRef([value]);
  const timer = useRef(null);
  useEffect(() => {
    if (document.activeElement === field.current && told.current.includes(asked)) return;
    clearTimeout(timer.current);
    timer.current = null;
    told.current = [asked];
    setText(asked);
  }, [asked]);
  useEffect(() => () => clearTimeout(timer.current), []);
  const ask = (typed) => {
    clearTimeout(timer.current);
    timer.current = null;
    told.current = [...told.current.slice(-20), typed.trim()];
    navigate(withQuery({ [name]: typed }), { replace: true });
  };
  // Who leaves the field for a link would be called back from where it leads by a question asked later.
  const leave = () => timer.current !== null && ask(text);
  const type = (event) => {
    const typed = event.target.value;
    setText(typed);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => ask(typed), QUIET_MS);
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
      onBlur: leave,
    }),
  );
};
