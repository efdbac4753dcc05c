import type { ModelReviewEvent } from "@redline/core/review/schema";
import { useRef, useState } from "react";
import { useLogEvents } from "../review/use-log-events";

/** How far a review by the model has come. */
export type ModelProgress = { done: number; files: number; path?: string; findings: number; tokens: number };

const NOTHING_YET: ModelProgress = { done: 0, files: 0, findings: 0, tokens: 0 };

/** Follows the log of the review under way; what each file brought, and the end, show the page anew. */
export function useModelReviewLog(logId: string | undefined): ModelProgress | null {
  const [progress, setProgress] = useState<ModelProgress | null>(null);
  const now = useRef({ ...NOTHING_YET, ofFile: 0 });
  const onEvent = (event: ModelReviewEvent) => {
    const { type } = event;
    if (type === "started") Object.assign(now.current, { files: event.files });
    else if (type === "reading") {
      Object.assign(now.current, { done: event.done, files: event.files, path: event.path });
    } else if (type === "reported") {
      now.current.findings += event.findings - now.current.ofFile;
      now.current.ofFile = event.findings;
    } else if (type === "file") Object.assign(now.current, { done: event.done, tokens: event.tokens, ofFile: 0 });
    const { ofFile: _, ...shown } = now.current;
    setProgress(shown);
    const goesOn = type === "started" || type === "reading" || type === "reported";
    return { refresh: type === "file", end: !goesOn && type !== "file" };
  };
  useLogEvents(logId, onEvent, () => {
    now.current = { ...NOTHING_YET, ofFile: 0 };
    setProgress(null);
  });
  return progress;
}
