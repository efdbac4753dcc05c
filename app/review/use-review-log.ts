import type { ReviewEvent } from "@redline/core/review/schema";
import { useState } from "react";
import { useLogEvents } from "./use-log-events";

/** Progress of the running review. */
export type ReviewLogState = { done: number; files: number; path?: string };

/** Follows the review's log, and revalidates the page when it ends. */
export function useReviewLog(logId: string | undefined): ReviewLogState | null {
  const [progress, setProgress] = useState<ReviewLogState | null>(null);
  const onEvent = (event: ReviewEvent) => {
    if (event.type === "started") setProgress({ done: 0, files: event.files });
    else if (event.type === "file") setProgress({ done: event.done, files: event.files, path: event.path });
    else return { end: true };
    return {};
  };
  useLogEvents(logId, onEvent, () => setProgress(null));
  return progress;
}
