import type { Safety } from "../changes/schema";
import type { Coverage, Metrics, Problem, Severity } from "../reviewers/schema";
import type { FindingCounts } from "../sessions/schema";
import type { TextEdit } from "../text/index";

export type ReviewStatus = "queued" | "running" | "done" | "failed";

/** One pass over a session's version: what it covered, what it found, what changed since the one before. */
export type Review = {
  id: string;
  sessionId: string;
  version: number;
  status: ReviewStatus;
  coverage: Coverage[];
  metrics: Record<string, Metrics>;
  duplication: {
    lines: number;
    blocks: { path: string; startLine: number; endLine: number; otherPath: string; otherStartLine: number }[];
  };
  counts: FindingCounts;
  /** Against the review before it: findings that are new, still open, answered already, or gone. */
  fresh: number;
  stillOpen: number;
  answered: number;
  gone: number;
  startedAt: string;
  finishedAt?: string;
  failure?: string;
};

export const ANSWERS = ["dismissed"] as const;
export type Answer = (typeof ANSWERS)[number];

/** A finding's proposed fix, as the page needs it to draw the redline. The Change itself is the truth. */
export type FindingFix = { changeId: string; safety: Safety; summary: string; edits: TextEdit[] };

/** One problem a review reports, known by its identity across reviews. Its place is of the file with `fileHash`. */
export type Finding = Omit<Problem, "fix"> & {
  sessionId: string;
  fileHash: string;
  version: number;
  firstReviewId: string;
  state: "open" | "gone";
  answer?: Answer;
  fix?: FindingFix;
};

/** Events of a review's log, in order; the page follows them while the review runs. */
export type ReviewEvent =
  | { type: "started"; version: number; files: number }
  | { type: "file"; path: string; done: number; files: number; state: Coverage["state"]; findings: number }
  | { type: "proving"; path: string; fixes: number }
  | { type: "done"; counts: Record<Severity, number>; fresh: number; gone: number }
  | { type: "failed"; message: string };
