import type { ModelReviewEvent } from "@redline/core/review/schema";
import { useState } from "react";
import { useLogEvents } from "../review/use-log-events";

/** Progress of a model review. */
export type ModelReviewState = { done: number; files: number; path?: string; findings: number; tokens: number };

/** Log state; `ofFile` counts the findings of the file being reviewed. */
type LogState = ModelReviewState & { ofFile: number };

const INITIAL_STATE: LogState = { done: 0, files: 0, findings: 0, tokens: 0, ofFile: 0 };

/** Follows a model review's log; each finished file and the end revalidate the page. */
export function useModelReviewLog(logId: string | undefined): ModelReviewState | null {
  const [progress, setProgress] = useState<LogState | null>(null);
  const onEvent = (event: ModelReviewEvent) => {
    setProgress((before) => applyEvent(before ?? INITIAL_STATE, event));
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

function applyEvent(state: LogState, event: ModelReviewEvent): LogState {
  switch (event.type) {
    case "started":
      return { ...state, files: event.files };
    case "reading":
      return { ...state, done: event.done, files: event.files, path: event.path };
    case "reported":
      return { ...state, findings: state.findings + event.findings - state.ofFile, ofFile: event.findings };
    case "file":
      return { ...state, done: event.done, tokens: event.tokens, ofFile: 0 };
    default:
      return state;
  }
}
