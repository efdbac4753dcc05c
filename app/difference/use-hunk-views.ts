import { useCallback, useEffect, useState } from "react";

const storageKey = (sessionId: string) => `redline.viewed-hunks.${sessionId}`;
/** More are not remembered: the first ones are forgotten. */
const MAX_KEPT = 2_000;

/** Tracks which hunks were viewed, by their texts, in local storage: a hunk that changes has not been viewed. */
export function useHunkViews(sessionId: string): { viewed: ReadonlySet<string>; toggle: (key: string) => void } {
  const [viewed, setViewed] = useState<ReadonlySet<string>>(new Set());
  useEffect(() => {
    try {
      const stored: unknown = JSON.parse(localStorage.getItem(storageKey(sessionId)) ?? "[]");
      setViewed(new Set(Array.isArray(stored) ? stored.map(String) : []));
    } catch {
      // Storage may be off or hold something else; then nothing was viewed.
      setViewed(new Set());
    }
  }, [sessionId]);
  const toggle = useCallback(
    (key: string) =>
      setViewed((before) => {
        const after = new Set(before);
        if (!after.delete(key)) after.add(key);
        try {
          localStorage.setItem(storageKey(sessionId), JSON.stringify([...after].slice(-MAX_KEPT)));
        } catch {
          // The mark holds for this visit only.
        }
        return after;
      }),
    [sessionId],
  );
  return { viewed, toggle };
}
