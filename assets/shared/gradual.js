// A long list stands sooner when only what fits the screen is made at once and the rest right after.
import { startTransition, useEffect, useState } from "react";

// Less than any row is high, with room for what stands above the list.
const ROW_PX = 72;
const atOnce = () => (typeof window === "undefined" ? 0 : Math.ceil(window.innerHeight / ROW_PX));

// How many of `count` rows to show: the first screen, then all, once that one is painted; made in slices
// that leave room for a press or a key.
export const useGradually = (count) => {
  const [shown, show] = useState(atOnce);
  const isLong = count > shown;
  useEffect(() => {
    if (!isLong) return undefined;
    const timer = setTimeout(() => startTransition(() => show(Number.MAX_SAFE_INTEGER)), 100);
    return () => clearTimeout(timer);
  }, [isLong]);
  return shown;
};
