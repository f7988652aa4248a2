// A button that may be pressed again only after a while, and says how long that is.
import { createElement, useEffect, useState } from "react";

const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;

export const AgainButton = ({ text, waitText, seconds, sent, onClick }) => {
  const [left, setLeft] = useState(seconds);
  useEffect(() => setLeft(seconds), [sent, seconds]);
  useEffect(() => {
    if (left <= 0) return undefined;
    const timer = setTimeout(() => setLeft(left - 1), 1000);
    return () => clearTimeout(timer);
  }, [left]);
  return createElement(
    "button",
    {
      type: "button",
      className: "k-button k-secondary k-size-l",
      disabled: left > 0,
      onClick: () => {
        setLeft(seconds);
        onClick();
      },
    },
    left > 0 ? `${waitText} ${clock(left)}` : text,
  );
};
