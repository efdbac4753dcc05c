import type { ReviewEvent } from "@redline/core/review/schema";
import { useRevalidator } from "@remix-run/react";
import { useEffect, useState } from "react";

/** How far the review under way has come. */
export type ReviewProgress = { done: number; files: number; path?: string; failure?: string };

const FALLBACK_MS = 3_000;

/** Follows the review's log while there is one to follow, and shows the page anew when it ends. */
export function useReviewLog(logId: string | undefined): ReviewProgress | null {
  const [progress, setProgress] = useState<ReviewProgress | null>(null);
  const { revalidate } = useRevalidator();
  useEffect(() => {
    if (!logId) return;
    const source = new EventSource(`/logs/${logId}`);
    // A log that gives nothing (its events were lost, or the connection was) must not leave the page waiting.
    const fallback = setInterval(() => navigator.onLine && revalidate(), FALLBACK_MS);
    source.onmessage = ({ data }: MessageEvent<string>) => {
      const event = JSON.parse(data) as ReviewEvent;
      if (event.type === "started") setProgress({ done: 0, files: event.files });
      else if (event.type === "file") setProgress({ done: event.done, files: event.files, path: event.path });
      else {
        source.close();
        revalidate();
      }
    };
    source.addEventListener("end", () => source.close());
    return () => {
      clearInterval(fallback);
      source.close();
      setProgress(null);
    };
  }, [logId, revalidate]);
  return progress;
}
