import { useCallback, useEffect, useRef, useState } from "react";
import { RequestFailed } from "../http/fetch-json";
import type { OpenThread } from "./page";
import { fetchThread } from "./send-action";

export type ThreadOnPage = {
  open: OpenThread | null;
  /** The error when the thread couldn't be loaded or may be out of date. */
  problem?: string;
  /** Reloads the thread; with `isNews`, other tabs that show it reload it too. */
  refresh: (isNews?: boolean) => Promise<OpenThread | undefined>;
  /** Loads the page of messages before the first. */
  loadEarlier: () => Promise<void>;
};

const RETRY_MS = 2_000;

/**
 * Returns the open thread: from the page's data, else fetched. Earlier messages that were loaded are kept. Tabs notify
 * each other of new messages.
 */
export function useThread(
  sessionId: string,
  threadId: string | undefined,
  fromPage: OpenThread | null | undefined,
  /** True for a thread started here that the server doesn't have yet. */
  isUnsent: boolean,
): ThreadOnPage {
  const [stored, setStored] = useState<OpenThread | null>(fromPage ?? null);
  const [problem, setProblem] = useState<{ message: string; isPassing: boolean }>();
  const [lastFromPage, setLastFromPage] = useState(fromPage);
  if (fromPage !== lastFromPage) {
    setLastFromPage(fromPage);
    if (fromPage) setStored((before) => mergeMessages(before, fromPage));
  }
  const open = stored && stored.thread.id === threadId ? stored : null;
  const latest = useRef({ open, threadId });
  latest.current = { open, threadId };
  const channel = useRef<BroadcastChannel>();

  const accept = useCallback((next: OpenThread) => {
    if (next.thread.id !== latest.current.threadId) return;
    setProblem(undefined);
    setStored((before) => mergeMessages(before, next));
  }, []);
  const refresh = useCallback(
    async (isNews = false) => {
      const id = latest.current.threadId;
      if (!id) return undefined;
      if (isNews) channel.current?.postMessage(id);
      try {
        const now = await fetchThread(sessionId, id);
        accept(now);
        return now;
      } catch (error) {
        if (!(error instanceof RequestFailed)) throw error;
        // A new object each time, so that the next attempt is made after this one as well.
        if (latest.current.threadId === id) setProblem({ message: error.message, isPassing: error.isOffline });
        return undefined;
      }
    },
    [sessionId, accept],
  );
  const loadEarlier = useCallback(async () => {
    const { open: now, threadId: id } = latest.current;
    if (!now?.earlierCursor || !id) return;
    try {
      const page = await fetchThread(sessionId, id, { cursor: now.earlierCursor });
      setStored((before) => before && prependMessages(before, page));
    } catch (error) {
      if (!(error instanceof RequestFailed)) throw error;
      setProblem({ message: error.message, isPassing: false });
    }
  }, [sessionId]);

  // Failed requests are repeated until one succeeds: a reply may have ended meanwhile.
  useEffect(() => {
    if (!problem?.isPassing) return;
    const timer = setTimeout(() => void refresh(), RETRY_MS);
    return () => clearTimeout(timer);
  }, [problem, refresh]);

  const isHere = open !== null;
  useEffect(() => {
    setProblem(undefined);
    if (threadId && !isHere && !isUnsent) void refresh();
  }, [threadId, isHere, isUnsent, refresh]);

  useEffect(() => {
    if (typeof BroadcastChannel === "undefined") return;
    const made = new BroadcastChannel(`redline.threads.${sessionId}`);
    channel.current = made;
    made.onmessage = ({ data }) => data === latest.current.threadId && void refresh();
    const onOnline = () => latest.current.open && void refresh();
    addEventListener("online", onOnline);
    return () => {
      removeEventListener("online", onOnline);
      made.close();
    };
  }, [sessionId, refresh]);

  return { open, problem: problem?.message, refresh, loadEarlier };
}

/** Merges the newest page of a thread with earlier messages already loaded. */
function mergeMessages(before: OpenThread | null, next: OpenThread): OpenThread {
  if (before?.thread.id !== next.thread.id) return next;
  const first = next.messages[0]?.number ?? 0;
  const earlier = before.messages.filter((message) => message.number < first);
  if (earlier.length === 0) return next;
  return { ...next, messages: [...earlier, ...next.messages], earlierCursor: before.earlierCursor };
}

function prependMessages(before: OpenThread, page: OpenThread): OpenThread {
  if (before.thread.id !== page.thread.id) return before;
  const first = before.messages[0]?.number ?? Number.POSITIVE_INFINITY;
  const earlier = page.messages.filter((message) => message.number < first);
  return { ...before, messages: [...earlier, ...before.messages], earlierCursor: page.earlierCursor };
}
