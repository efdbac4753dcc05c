import type { ReviewPage } from "./page";
import type { ReviewLogState } from "./use-review-log";

/** The part of the open file that the head's review has read, and the reason where that is not all. */
export type FileReading = {
  state: "pending" | "reading" | "read" | "partly" | "skipped" | "failed";
  reason?: string;
};

/** Returns what was read of the open file. Until the head's review ends, none of its findings are known. */
export function getFileReading(
  { file, review, followLog }: ReviewPage,
  progress: ReviewLogState | null = null,
): FileReading {
  if (followLog) return { state: progress ? "reading" : "pending" };
  if (!review) return { state: "pending" };
  if (review.status === "failed") return { state: "failed" };
  const covered = review.coverage.find(({ path }) => path === file?.path);
  if (!covered) return { state: "pending" };
  const { state, reason } = covered;
  return { state: state === "covered" ? "read" : state, ...(reason !== undefined && { reason }) };
}

/** Returns the margin's words where no finding is open; `hasClosed` when there were some. */
export function emptyText({ state, reason }: FileReading, hasClosed: boolean): string {
  switch (state) {
    case "pending":
      return "Not reviewed yet. Findings appear here when the review finishes.";
    case "reading":
      return "Reading… Findings appear here when the review finishes.";
    case "failed":
      return "Not reviewed: the review failed.";
    case "skipped":
      return `Not reviewed: ${reason ?? "this file was skipped."}`;
    case "partly":
      return `No ${hasClosed ? "open " : ""}findings in the reviewed part: ${reason ?? "this file was partially reviewed"}.`;
    case "read":
      return hasClosed ? "No open findings in this file." : "No findings in this file.";
  }
}
