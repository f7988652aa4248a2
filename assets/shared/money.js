// An input of tenge that puts spaces as one types; the form gets the text.
import { createElement, useEffect, useLayoutEffect, useRef, useState } from "react";
import { tidied, typed } from "./digits.js";

export const MoneyInput = ({ defaultValue, onChange, ...rest }) => {
  const [value, setValue] = useState(tidied(defaultValue ?? ""));
  const input = useRef(null);
  const cursor = useRef(null);
  useEffect(() => setValue(tidied(defaultValue ?? "")), [defaultValue]);
  useLayoutEffect(() => {
    if (cursor.current !== null) input.current?.setSelectionRange(cursor.current, cursor.current);
    cursor.current = null;
  }, [value]);
  return createElement("input", {
    ...rest,
    ref: input,
    type: "text",
    inputMode: "numeric",
    autoComplete: "off",
    value,
    onChange: (event) => {
      const next = typed(event.target);
      cursor.current = next.position;
      setValue(next.value);
      onChange?.(next.value);
    },
  });
};
