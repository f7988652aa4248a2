// A long list stands sooner when only what fits the screen is made at once and the rest right after.
import { startTransition, useEffect, useState } from "react";

const AT_ONCE = 16;

// How many of `count` rows to show: the first screen, then all, once that one is painted; made in slices
// that leave room for a press or a key.
export const useGradually = (count) => {
  const [shown, show] = useState(AT_ONCE);
  const isLong = count > AT_ONCE;
  useEffect(() => {
    if (!isLong) return undefined;
    const timer = setTimeout(() => startTransition(() => show(Number.MAX_SAFE_INTEGER)), 100);
    return () => clearTimeout(timer);
  }, [isLong]);
  return shown;
};
