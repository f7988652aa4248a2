// The eye at a password: shows what is typed in the input before it.
import { createElement, useState } from "react";

export const Reveal = ({ show, hide, children }) => {
  const [shown, setShown] = useState(false);
  return createElement(
    "button",
    {
      type: "button",
      className: "k-reveal",
      "aria-label": shown ? hide : show,
      "aria-pressed": shown,
      onClick: (event) => {
        event.currentTarget.parentElement.querySelector("input").type = shown ? "password" : "text";
        setShown(!shown);
      },
    },
    children[shown ? 1 : 0],
  );
};
