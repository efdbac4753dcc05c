import { useCallback, useEffect, useState } from "react";

const WRAP_KEY = "redline.wrap";

export type WrapChoice = "on" | "off";

/** Returns the user's choice whether long lines wrap, and a toggle. Without one, they wrap on narrow screens (review.css). */
export function useWrap(): { choice: WrapChoice | undefined; toggle: () => void } {
  const [choice, setChoice] = useState<WrapChoice>();
  useEffect(() => {
    try {
      const stored = localStorage.getItem(WRAP_KEY);
      if (stored === "on" || stored === "off") setChoice(stored);
    } catch {
      // Storage may be off: then the width decides.
    }
  }, []);
  const toggle = useCallback(
    () =>
      setChoice((before) => {
        const isWrapped = before === undefined ? matchMedia("(max-width: 699px)").matches : before === "on";
        const next = isWrapped ? "off" : "on";
        try {
          localStorage.setItem(WRAP_KEY, next);
        } catch {
          // The choice holds for this visit only.
        }
        return next;
      }),
    [],
  );
  return { choice, toggle };
}
