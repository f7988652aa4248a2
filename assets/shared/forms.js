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
    document.addEventListener("submit", noteSubmit, true);
    document.addEventListener("kit:refused", showWrongField);
    return () => {
      document.removeEventListener("click", dropSecondPress, true);
      document.removeEventListener("keydown", dropSecondPress, true);
      document.removeEventListener("submit", noteSubmit, true);
      document.removeEventListener("kit:refused", showWrongField);
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

// The form that was sent last, if the page has it still.
let submitted = null;

const noteSubmit = (event) => {
  if (event.target.matches?.("form.k-form")) submitted = event.target;
};

// A long form tells what is wrong far from its button. The refusal comes with the event, its text is
// drawn a frame later.
const showWrongField = () => requestAnimationFrame(() => requestAnimationFrame(() => {
  const wrong = submitted?.isConnected && submitted.querySelector(".k-wrong, .k-form-error");
  if (!wrong) return;
  const field = wrong.closest(".k-field, .k-floor, .k-consent");
  const control = field?.querySelector("input, select, textarea");
  control?.focus({ preventScroll: true });
  (field ?? wrong).scrollIntoView({ block: "nearest" });
}));

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

// Words go where the cursor stands; at the end of a text that nobody has clicked into yet.
export const insertWords = (id, words) => {
  const area = document.getElementById(id);
  const isUntouched = area.selectionStart === 0 && area.selectionEnd === 0;
  const [from, to] = isUntouched ? [area.value.length, area.value.length] : [area.selectionStart, area.selectionEnd];
  area.setRangeText(words, from, to, "end");
  area.dispatchEvent(new Event("input", { bubbles: true }));
  area.focus();
};
