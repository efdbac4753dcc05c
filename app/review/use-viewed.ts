import { useCallback, useEffect, useState } from "react";

const viewedKey = (sessionId: string) => `redline.viewed.${sessionId}`;

/** Tracks which files of a session the user has viewed, in local storage. */
export function useViewed(sessionId: string): { viewed: ReadonlySet<string>; toggle: (path: string) => void } {
  const [viewed, setViewed] = useState<ReadonlySet<string>>(new Set());
  useEffect(() => {
    try {
      const stored: unknown = JSON.parse(localStorage.getItem(viewedKey(sessionId)) ?? "[]");
      setViewed(new Set(Array.isArray(stored) ? stored.filter((each) => typeof each === "string") : []));
    } catch {
      // Storage may be off or hold something else; then nothing was viewed.
      setViewed(new Set());
    }
  }, [sessionId]);
  const toggle = useCallback(
    (path: string) =>
      setViewed((before) => {
        const after = new Set(before);
        if (!after.delete(path)) after.add(path);
        try {
          localStorage.setItem(viewedKey(sessionId), JSON.stringify([...after]));
        } catch {
          // The mark holds for this visit only.
        }
        return after;
      }),
    [sessionId],
  );
  return { viewed, toggle };
}
