import type { Safety } from "../changes/schema";
import type { Coverage, DuplicateBlock, Metrics, Problem } from "../reviewers/schema";
import type { FindingCounts } from "../sessions/schema";
import type { TextEdit } from "../text/index";

export const REVIEW_STATUSES = ["queued", "running", "done", "failed"] as const;
export type ReviewStatus = (typeof REVIEW_STATUSES)[number];

/** What a review says of one file; `hash` and `language` are what it looked at. */
export type FileReview = Coverage & { hash: string; language: string; findings: number; metrics?: Metrics };

/** One pass over a session's version: what it covered, what it found, what changed since the one before. */
export type Review = {
  id: string;
  sessionId: string;
  version: number;
  status: ReviewStatus;
  coverage: FileReview[];
  duplicates: DuplicateBlock[];
  counts: FindingCounts;
  /** Against the findings before it: new ones, those still open, those answered already, and those that are gone. */
  fresh: number;
  stillOpen: number;
  answered: number;
  gone: number;
  startedAt: string;
  finishedAt?: string;
  failure?: string;
};

/** What a person said to a finding: it is not a problem here, or its fix is not wanted. It stays said. */
export const ANSWERS = ["dismissed", "rejected"] as const;
export type Answer = (typeof ANSWERS)[number];

/** A finding's proposed fix, as the page needs it to draw the redline. The Change itself is the truth. */
export type FindingFix = { changeId: string; safety: Safety; summary: string; edits: TextEdit[] };

/** One problem a review reports, known by its identity across reviews. Its place is of the file with `fileHash`. */
export type Finding = Omit<Problem, "fix"> & {
  sessionId: string;
  fileHash: string;
  firstVersion: number;
  answer?: Answer;
  fix?: FindingFix;
};

/**
 * A finding on the head: *exact* where the file is the one that was reviewed, *moved* where its lines stand elsewhere
 * now, *outdated* where they were changed since and the next review has not said yet.
 */
export type PlacedFinding = Finding & { place: "exact" | "moved" | "outdated" };

/** Events of a review's log, in order; the page follows them while the review runs. */
export type ReviewEvent =
  | { type: "started"; version: number; files: number }
  | { type: "file"; path: string; done: number; files: number; state: Coverage["state"]; findings: number }
  | { type: "done"; counts: FindingCounts; fresh: number; gone: number }
  | { type: "superseded"; version: number }
  | { type: "failed"; message: string };
