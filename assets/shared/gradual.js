// A long list stands sooner when only what fits the screen is made at once and the rest right after.
import { startTransition, useEffect, useState } from "react";

const AT_ONCE = 16;

// How many rows to show: the first screen, then all, made in slices that leave room for a press or a key.
export const useGradually = () => {
  const [shown, show] = useState(AT_ONCE);
  useEffect(() => startTransition(() => show(Number.MAX_SAFE_INTEGER)), []);
  return shown;
};
