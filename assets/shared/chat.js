// A talk that stays at its newest message, and a picture that may be gone.
import { createElement as h, useEffect, useRef, useState } from "react";

const NEAR = 96;

// Opened, it shows the newest; a new message scrolls only who stands there; older ones move nothing.
export const Talk = ({ thread, view, first, last, unread, hasOlder, label, onOlder, onSeen, children }) => {
  const box = useRef(null);
  const was = useRef({ thread: "", view: "", first: "", height: 0, near: true });
  const asked = useRef("");
  useEffect(() => {
    const element = box.current;
    const before = was.current;
    if (before.thread !== thread || before.view !== view || (before.near && before.first === first)) element.scrollTop = element.scrollHeight;
    else if (before.first !== first) element.scrollTop += element.scrollHeight - before.height;
    was.current = { ...before, thread, view, first, height: element.scrollHeight };
  }, [thread, view, first, last]);
  useEffect(() => {
    const element = box.current;
    const onScroll = () => {
      was.current.near = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR;
      // Once for what stands first now: the answer brings another first one.
      if (!hasOlder || element.scrollTop > NEAR || asked.current === first) return;
      asked.current = first;
      onOlder();
    };
    const onPicture = () => {
      if (was.current.near) element.scrollTop = element.scrollHeight;
      was.current.height = element.scrollHeight;
    };
    element.addEventListener("scroll", onScroll, { passive: true });
    element.addEventListener("load", onPicture, true);
    return () => {
      element.removeEventListener("scroll", onScroll);
      element.removeEventListener("load", onPicture, true);
    };
  }, [first, hasOlder]);
  // Read is what somebody has before their eyes: not a tab behind others.
  useEffect(() => {
    if (!thread || !unread) return undefined;
    const tell = () => {
      if (document.visibilityState === "visible") onSeen(thread);
    };
    tell();
    document.addEventListener("visibilitychange", tell);
    return () => document.removeEventListener("visibilitychange", tell);
  }, [thread, last, unread]);
  return h("div", { ref: box, className: "k-talk", tabIndex: 0, role: "log", "aria-label": label }, children);
};

export const Picture = ({ href, name, gone }) => {
  const [isGone, setIsGone] = useState(false);
  if (isGone || !href) return h("span", { className: "k-second" }, gone);
  return h(
    "a",
    { href, target: "_blank", rel: "noopener", className: "k-photo" },
    h("img", { src: href, alt: name, loading: "lazy", onError: () => setIsGone(true) }),
  );
};
