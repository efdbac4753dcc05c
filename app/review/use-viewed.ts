import { useCallback, useEffect, useMemo, useState } from "react";
import type { PageFile } from "./page";

const viewedKey = (sessionId: string) => `redline.viewed.${sessionId}`;

/** The content of each file when it was marked, by path. */
type Marks = Readonly<Record<string, string>>;

/** Tracks which files of a session the user has viewed, in local storage. A mark is gone when its file changes. */
export function useViewed(
  sessionId: string,
  files: readonly Pick<PageFile, "path" | "hash">[],
): { viewed: ReadonlySet<string>; toggle: (path: string) => void } {
  const [marks, setMarks] = useState<Marks>({});
  useEffect(() => {
    try {
      const stored: unknown = JSON.parse(localStorage.getItem(viewedKey(sessionId)) ?? "{}");
      setMarks(stored && typeof stored === "object" && !Array.isArray(stored) ? (stored as Marks) : {});
    } catch {
      // Storage may be off or hold something else; then nothing was viewed.
      setMarks({});
    }
  }, [sessionId]);
  const viewed = useMemo(
    () => new Set(files.filter(({ path, hash }) => marks[path] === hash).map(({ path }) => path)),
    [files, marks],
  );
  const toggle = useCallback(
    (path: string) => {
      const hash = files.find((file) => file.path === path)?.hash;
      if (hash === undefined) return;
      setMarks(({ [path]: before, ...rest }) => {
        const after = before === hash ? rest : { ...rest, [path]: hash };
        try {
          localStorage.setItem(viewedKey(sessionId), JSON.stringify(after));
        } catch {
          // The mark holds for this visit only.
        }
        return after;
      });
    },
    [sessionId, files],
  );
  return { viewed, toggle };
}
