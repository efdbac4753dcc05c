import type { ModelReviewEvent } from "@redline/core/review/schema";
import { useState } from "react";
import { useLogEvents } from "../review/use-log-events";

/** How far a review by the model has come. */
export type ModelProgress = { done: number; files: number; path?: string; findings: number; tokens: number };

/** `ofFile`: how many of the findings are of the file that is being read. */
type Told = ModelProgress & { ofFile: number };

const NOTHING_YET: Told = { done: 0, files: 0, findings: 0, tokens: 0, ofFile: 0 };

/** Follows the log of the review under way; what each file brought, and the end, show the page anew. */
export function useModelReviewLog(logId: string | undefined): ModelProgress | null {
  const [progress, setProgress] = useState<Told | null>(null);
  const onEvent = (event: ModelReviewEvent) => {
    setProgress((before) => after(before ?? NOTHING_YET, event));
    switch (event.type) {
      case "started":
      case "reading":
      case "reported":
        return {};
      case "file":
        return { refresh: true };
      default:
        return { end: true };
    }
  };
  useLogEvents(logId, onEvent, () => setProgress(null));
  return progress;
}

function after(told: Told, event: ModelReviewEvent): Told {
  switch (event.type) {
    case "started":
      return { ...told, files: event.files };
    case "reading":
      return { ...told, done: event.done, files: event.files, path: event.path };
    case "reported":
      return { ...told, findings: told.findings + event.findings - told.ofFile, ofFile: event.findings };
    case "file":
      return { ...told, done: event.done, tokens: event.tokens, ofFile: 0 };
    default:
      return told;
  }
}
