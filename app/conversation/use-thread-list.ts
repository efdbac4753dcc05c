import { useCallback, useMemo, useState } from "react";
import type { PageThread } from "./page";

type ThreadList = {
  threads: readonly PageThread[];
  /** Records a thread's newer state, such as a resolution on this page. */
  updateThread: (thread: PageThread) => void;
};

/** Returns the page's threads in their latest known state, plus a thread started here. */
export function useThreadList(
  fromPage: readonly PageThread[],
  open: PageThread | undefined,
  startedThread: PageThread | null,
): ThreadList {
  const [updates, setUpdates] = useState<ReadonlyMap<string, PageThread>>(new Map());
  const updateThread = useCallback(
    (thread: PageThread) => setUpdates((all) => new Map(all).set(thread.id, thread)),
    [],
  );
  const threads = useMemo(() => {
    const latest = new Map(fromPage.map((thread) => [thread.id, thread]));
    if (startedThread && !latest.has(startedThread.id)) latest.set(startedThread.id, startedThread);
    for (const thread of updates.values()) {
      const known = latest.get(thread.id);
      // Of the same moment, the page's place is the newer one: it was carried to the head that the page shows.
      if (!known || known === startedThread || thread.updatedAt > known.updatedAt) latest.set(thread.id, thread);
    }
    if (open) latest.set(open.id, open);
    return [...latest.values()];
  }, [fromPage, open, startedThread, updates]);
  return { threads, updateThread };
}
