import { useCallback, useState } from "react";
import { RequestFailed } from "../http/fetch-json";
import type { PageThread, ResolvedThreads } from "./page";
import { fetchResolvedThreads } from "./send-action";

export type ResolvedOnPage = {
  /** The resolved threads that were loaded so far. */
  threads: readonly PageThread[];
  /** True while there are more than those. */
  hasMore: boolean;
  /** The cursor of the page that a plain link shows next. */
  nextCursor?: string;
  isLoading: boolean;
  problem?: string;
  /** Loads the next page. */
  load: () => Promise<void>;
};

type Loaded = { threads: readonly PageThread[]; nextCursor?: string };

/** Returns the session's resolved threads, loaded a page at a time on request. */
export function useResolvedThreads(sessionId: string, { page }: ResolvedThreads): ResolvedOnPage {
  const [loaded, setLoaded] = useState<Loaded | undefined>(page);
  const [isLoading, setLoading] = useState(false);
  const [problem, setProblem] = useState<string>();
  const nextCursor = loaded?.nextCursor;
  const load = useCallback(async () => {
    setLoading(true);
    setProblem(undefined);
    try {
      const next = await fetchResolvedThreads(sessionId, nextCursor);
      setLoaded((before) => ({ ...next, threads: [...(before?.threads ?? []), ...next.threads] }));
    } catch (error) {
      if (!(error instanceof RequestFailed)) throw error;
      setProblem(error.message);
    } finally {
      setLoading(false);
    }
  }, [sessionId, nextCursor]);
  const hasMore = !loaded || nextCursor !== undefined;
  return { threads: loaded?.threads ?? NONE, hasMore, nextCursor, isLoading, problem, load };
}

const NONE: readonly PageThread[] = [];
