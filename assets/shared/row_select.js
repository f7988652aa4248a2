// A select of a row. Fifty rows of seven choices each are as many elements as half of the list, so a row
// makes them when it is pointed at or focused: before the browser opens them.
import { createElement as h, useState } from "react";
import { useTranslate } from "./i18n.js";

export const RowSelect = ({ value, words, options, label, onChange }) => {
  const [isOpen, open] = useState(false);
  const translate = useTranslate();
  const make = () => open(true);
  const offered = isOpen ? options : [];
  return h(
    "select",
    { value, "aria-label": label, onPointerDown: make, onFocus: make, onChange: (event) => onChange?.(event.target.value) },
    offered.map(([code, text]) => h("option", { key: code, value: code }, translate(text))),
    // What is in effect may be none of the choices.
    !offered.some(([code]) => code === value) && h("option", { value, hidden: isOpen }, translate(words)),
  );
};
