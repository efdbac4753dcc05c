import { useCallback, useMemo, useState } from "react";
import type { PageThread } from "./page";

type ThreadList = {
  threads: readonly PageThread[];
  /** The change of the number of resolved threads since the page was loaded. */
  resolvedHere: number;
  /** Records a thread's newer state, such as a resolution on this page. */
  updateThread: (thread: PageThread) => void;
};

/** Returns the page's open and the loaded resolved threads in their latest known state, plus a thread started here. */
export function useThreadList(
  fromPage: readonly PageThread[],
  resolved: readonly PageThread[],
  open: PageThread | undefined,
  startedThread: PageThread | null,
): ThreadList {
  const [updates, setUpdates] = useState<ReadonlyMap<string, PageThread>>(new Map());
  const updateThread = useCallback(
    (thread: PageThread) => setUpdates((all) => new Map(all).set(thread.id, thread)),
    [],
  );
  const threads = useMemo(() => {
    // A thread in both was reopened since the resolved ones were loaded.
    const latest = new Map([...resolved, ...fromPage].map((thread) => [thread.id, thread]));
    if (startedThread && !latest.has(startedThread.id)) latest.set(startedThread.id, startedThread);
    for (const thread of updates.values()) {
      const known = latest.get(thread.id);
      // Of the same moment, the page's place is the newer one: it was carried to the head that the page shows.
      if (!known || known === startedThread || thread.updatedAt > known.updatedAt) latest.set(thread.id, thread);
    }
    if (open) latest.set(open.id, open);
    return [...latest.values()];
  }, [fromPage, resolved, open, startedThread, updates]);
  const resolvedHere = useMemo(() => {
    const onPage = new Map(fromPage.map(({ id, updatedAt }) => [id, updatedAt]));
    return [...updates.values()].reduce((sum, { id, status, updatedAt }) => {
      const known = onPage.get(id);
      // Reopened elsewhere since: the page counted it.
      if (known !== undefined && known >= updatedAt) return sum;
      return sum + Number(status === "resolved") - Number(known === undefined);
    }, 0);
  }, [fromPage, updates]);
  return { threads, resolvedHere, updateThread };
}
