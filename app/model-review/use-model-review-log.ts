import type { ModelReviewEvent } from "@redline/core/review/schema";
import { useRevalidator } from "@remix-run/react";
import { useEffect, useState } from "react";

/** How far a review by the model has come. */
export type ModelProgress = { done: number; files: number; path?: string; findings: number; tokens: number };

const FALLBACK_MS = 4_000;

/** Follows the log of the review under way; what each file brought, and the end, show the page anew. */
export function useModelReviewLog(logId: string | undefined): ModelProgress | null {
  const [progress, setProgress] = useState<ModelProgress | null>(null);
  const { revalidate } = useRevalidator();
  useEffect(() => {
    if (!logId) return;
    const source = new EventSource(`/logs/${logId}`);
    const fallback = setInterval(() => navigator.onLine && revalidate(), FALLBACK_MS);
    const now: ModelProgress = { done: 0, files: 0, findings: 0, tokens: 0 };
    let ofFile = 0;
    source.onmessage = ({ data }: MessageEvent<string>) => {
      const event = JSON.parse(data) as ModelReviewEvent;
      if (event.type === "started") now.files = event.files;
      else if (event.type === "reading") Object.assign(now, { done: event.done, files: event.files, path: event.path });
      else if (event.type === "reported") {
        now.findings += event.findings - ofFile;
        ofFile = event.findings;
      } else if (event.type === "file") {
        Object.assign(now, { done: event.done, tokens: event.tokens });
        ofFile = 0;
        revalidate();
      } else {
        source.close();
        revalidate();
      }
      setProgress({ ...now });
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
