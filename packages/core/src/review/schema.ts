import * as v from "valibot";
import type { ContextKind, TokenUsage } from "../ai/schema";
import type { Safety } from "../changes/schema";
import type { Coverage, DuplicateBlock, Metrics, Problem } from "../reviewers/schema";
import type { FindingCounts } from "../sessions/schema";
import type { AnchorState, TextEdit } from "../text/index";
import { newUlid } from "../ulid";

export const REVIEW_STATUSES = ["queued", "running", "done", "failed"] as const;
export type ReviewStatus = (typeof REVIEW_STATUSES)[number];

/** Requests the review of a version; `again`: of every file, changed or not. */
export type ReviewJob = { kind: "review"; sessionId: string; version: number; userId: string; again?: true };

/** Requests the start or continuation of a model review. */
export type ModelReviewJob = { kind: "model-review"; sessionId: string; reviewId: string; userId: string };

/** A review's result for one file, with the `hash` and `language` that it reviewed. */
export type FileReview = Coverage & { hash: string; language: string; findings: number; metrics?: Metrics };

/** One pass over a session's version: coverage, findings, and what changed since the previous one. */
export type Review = {
  id: string;
  sessionId: string;
  version: number;
  status: ReviewStatus;
  coverage: FileReview[];
  duplicates: DuplicateBlock[];
  counts: FindingCounts;
  /**
   * Against the findings before it: new ones, those that an undone or restored version brought back, those still open,
   * those with a decision, and those whose code is gone.
   */
  new: number;
  back: number;
  open: number;
  decided: number;
  resolved: number;
  /** Of a difference: its findings against the base's. */
  difference?: DifferenceCounts;
  startedAt: string;
  finishedAt?: string;
  failure?: string;
};

/** Open findings that a difference brought, those that its base has too, and those of the base that are gone. */
export type DifferenceCounts = { new: number; old: number; gone: number; listed: GoneFinding[] };

/** A problem of the base that the head no longer has; lines are the base's. */
export type GoneFinding = Pick<Problem, "rule" | "severity" | "title" | "startLine"> & { path: string };

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

/**
 * One problem that a review reports, with the same identity across reviews. Its range is in the file with `fileHash`.
 */
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
  /** Of a difference: its base has the problem too. */
  onBase?: true;
};

/** Returns whether a finding is what a difference brought; outside of one every finding is. */
export const isNewHere = ({ onBase }: Pick<Finding, "onBase">): boolean => !onBase;

/**
 * A finding on the head: *exact* in the reviewed file, *moved* when its lines are elsewhere now, *outdated* when they
 * changed since and the next review has not finished.
 */
export type PlacedFinding = Finding & { anchorState: Exclude<AnchorState, "edited"> };

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

/** A file of a model review before it starts, with the most tokens its first call may use, or why it is skipped. */
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

/** Returns the id of a model review's event log. It contains the session's id, through which access is checked. */
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
