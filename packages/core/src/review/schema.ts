import * as v from "valibot";
import type { ContextKind, TokenUsage } from "../ai/schema";
import type { Safety } from "../changes/schema";
import type { Coverage, DuplicateBlock, Metrics, Problem } from "../reviewers/schema";
import type { FindingCounts } from "../sessions/schema";
import type { TextEdit } from "../text/index";
import { newUlid } from "../ulid";

export const REVIEW_STATUSES = ["queued", "running", "done", "failed"] as const;
export type ReviewStatus = (typeof REVIEW_STATUSES)[number];

/** Asks for the review of a version; `again`: of every file, also of those that have not changed. */
export type ReviewJob = { kind: "review"; sessionId: string; version: number; userId: string; again?: true };

/** Asks for a review by a model to be begun, or continued. */
export type ModelReviewJob = { kind: "model-review"; sessionId: string; reviewId: string; userId: string };

/** A review's result for one file, with the `hash` and `language` that it reviewed. */
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
  /** Against the findings before it: new ones, those still open, those with a decision, and those whose code is gone. */
  new: number;
  open: number;
  decided: number;
  resolved: number;
  startedAt: string;
  finishedAt?: string;
  failure?: string;
};

/** A user's verdict on a finding: it is not a problem here, or its fix is not wanted. Later reviews keep it. */
export const FINDING_DECISIONS = ["dismissed", "rejected"] as const;
export type FindingDecision = (typeof FINDING_DECISIONS)[number];

/** A finding's proposed fix, as the page needs it to draw the redline. The Change itself is the truth. */
export type FindingFix = {
  changeId: string;
  safety: Safety;
  summary: string;
  edits: TextEdit[];
  /** The problems that the checks found with it, as sentences; a built-in fix has none. */
  problems?: string[];
};

export type FindingSource = "builtin" | "model";

/** One problem a review reports, known by its identity across reviews. Its place is of the file with `fileHash`. */
export type Finding = Omit<Problem, "fix"> & {
  sessionId: string;
  fileHash: string;
  firstVersion: number;
  source: FindingSource;
  /** The model that reported it, as configured. */
  model?: string;
  /** A model that reported the same as the built-in reviewer. */
  alsoSeenBy?: string;
  decision?: FindingDecision;
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
  | { type: "done"; counts: FindingCounts; new: number; resolved: number }
  | { type: "superseded"; version: number }
  | { type: "failed"; message: string };

/** Ids are the client's: asking for the same review again has one effect. */
export const modelReviewIdSchema = v.pipe(
  v.string(),
  v.regex(/^rev_[0-9A-HJKMNP-TV-Z]{26}$/, "That is not a review's id."),
);
export const newModelReviewId = (): string => `rev_${newUlid()}`;

const lineNumber = v.pipe(v.number(), v.integer(), v.minValue(1, "Lines are counted from 1."));
const versionNumber = v.pipe(v.number(), v.integer(), v.minValue(1, "Enter a version number."));

/** The scope of a review by a model: of the head, or of the changes between two versions. */
export const modelScopeSchema = v.variant("kind", [
  v.object({ kind: v.literal("file"), path: v.string() }),
  v.pipe(
    v.object({ kind: v.literal("selection"), path: v.string(), startLine: lineNumber, endLine: lineNumber }),
    v.check(({ startLine, endLine }) => endLine >= startLine, "The end line is before the start line."),
  ),
  v.object({ kind: v.literal("session") }),
  v.object({ kind: v.literal("difference"), from: versionNumber, to: v.optional(versionNumber) }),
]);
export type ModelScope = v.InferOutput<typeof modelScopeSchema>;

/** Lines, 1-based and inclusive. */
type Lines = { startLine: number; endLine: number };

/** A file of a model's review before it was asked about: with the most its first call may use, or why it is left out. */
export type PlannedFile = {
  path: string;
  hash: string;
  language: string;
  /** Only problems on these lines are wanted. */
  only?: Lines[];
  context?: ContextKind;
  skipped?: string;
  inputTokens: number;
  outputTokens: number;
};

/** The files and highest cost of a review by a model, shown before it starts. `costMicroUsd` null: no price is set. */
export type ModelEstimate = {
  version: number;
  model: string;
  files: PlannedFile[];
  inputTokens: number;
  outputTokens: number;
  /** It stops before it uses more than this. */
  budgetTokens: number;
  costMicroUsd: number | null;
  /** Tokens left of the day, where it has a limit. */
  leftToday: number | null;
};

export const MODEL_REVIEW_STATUSES = ["queued", "running", "done", "failed", "cancelled"] as const;
export type ModelReviewStatus = (typeof MODEL_REVIEW_STATUSES)[number];

/** One file of a review by a model. `new` to `resolved` are as in `Review`, of the model's findings in this file. */
export type ModelStep = {
  path: string;
  language: string;
  only?: Lines[];
  context?: ContextKind;
  state: "pending" | Coverage["state"];
  reason?: string;
  new: number;
  open: number;
  decided: number;
  resolved: number;
  /** The number of its reports that the built-in reviewer had found. */
  repeated: number;
  usage: TokenUsage;
  costMicroUsd: number | null;
};

/** A pass of a model over a session's version, a selection or a difference. */
export type ModelReview = {
  id: string;
  sessionId: string;
  version: number;
  scope: ModelScope;
  model: string;
  status: ModelReviewStatus;
  steps: ModelStep[];
  budgetTokens: number;
  requestedAt: string;
  finishedAt?: string;
  failure?: string;
};

/** A review by a model has a log of its own; it names its session, through which access is checked. */
export const modelReviewLogId = (sessionId: string, reviewId: string): string => `${sessionId}.${reviewId}`;

export const modelReviewLogSchema = v.pipe(
  v.string(),
  v.regex(/^ses_[0-9A-Za-z]{26}\.rev_[0-9A-HJKMNP-TV-Z]{26}$/, "That is not a log's id."),
);

/** Events of the log of a review by a model. `done` counts files, `tokens` and `costMicroUsd` are so far. */
export type ModelReviewEvent =
  | { type: "started"; files: number; model: string }
  | { type: "reading"; path: string; done: number; files: number }
  | { type: "reported"; path: string; findings: number }
  | {
      type: "file";
      path: string;
      done: number;
      files: number;
      state: Coverage["state"];
      new: number;
      tokens: number;
      costMicroUsd: number | null;
    }
  | { type: "done"; new: number; open: number; decided: number; resolved: number }
  | { type: "cancelled" }
  | { type: "failed"; message: string };
