// Parts of forms: the eye at a password, the end of waiting for an early submit and one press a click.
import { createElement, useEffect, useState } from "react";

// The early half is KEEP_SCRIPT of ui/early_submit.py: it marks the form as busy.
export const KeptSubmits = ({ stands }) => {
  useEffect(() => {
    const { dataset } = document.documentElement;
    if (!stands) {
      delete dataset.stands;
      return;
    }
    dataset.stands = "";
    document.querySelectorAll("form.k-form[aria-busy=true]").forEach((form) => {
      form.removeAttribute("aria-busy");
      form.requestSubmit();
    });
  }, [stands]);
  useEffect(() => {
    document.addEventListener("click", dropSecondPress, true);
    document.addEventListener("keydown", dropSecondPress, true);
    return () => {
      document.removeEventListener("click", dropSecondPress, true);
      document.removeEventListener("keydown", dropSecondPress, true);
    };
  }, []);
  return null;
};

// The second half of a double click, or Enter held down, would do the thing twice: the server's «busy»
// comes back too late to stop it.
const dropSecondPress = (event) => {
  const isClick = event.type === "click";
  const isSecond = isClick ? event.detail > 1 : event.repeat && event.key === "Enter";
  const doing = ".k-button, [type=submit]";
  if (!isSecond || !event.target.closest?.(isClick ? doing : `${doing}, form.k-form input`)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
};

// Shows what is typed in the input before it.
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
