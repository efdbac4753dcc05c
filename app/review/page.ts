/** The review page's data, from the server's loader. */

import type { FindingDecision, ModelReview, PlacedFinding, ReviewStatus } from "@redline/core/review/schema";
import type { Coverage, Metrics } from "@redline/core/reviewers/schema";
import type { FindingCounts } from "@redline/core/sessions/schema";
import type { OpenThread, PageThread, ReplyCapability } from "../conversation/page";
import type { PackedSpans } from "../editor/spans";

/** A file in the list: `counts` are its open findings, `threads` its open threads. */
export type PageFile = {
  path: string;
  language: string;
  lines: number;
  size: number;
  counts: FindingCounts;
  threads: number;
};

/**
 * The open file. `text` is the stored text; with `isPart` only lines `firstLine` to `lastLine`, and the rest is at
 * `/sessions/:id/text`.
 */
export type OpenFile = {
  path: string;
  language: string;
  hash: string;
  text: string;
  packed: PackedSpans;
  lines: number;
  firstLine: number;
  lastLine: number;
  isPart: boolean;
};

export type PageFinding = Pick<
  PlacedFinding,
  | "identity"
  | "rule"
  | "severity"
  | "confidence"
  | "path"
  | "start"
  | "end"
  | "startLine"
  | "endLine"
  | "symbol"
  | "title"
  | "explanation"
  | "place"
  | "fix"
  | "source"
  | "model"
  | "alsoSeenBy"
> & { decision?: FindingDecision };

export type ReviewStrip = {
  version: number;
  status: ReviewStatus;
  counts: FindingCounts;
  new: number;
  open: number;
  decided: number;
  resolved: number;
  coverage: { path: string; state: Coverage["state"]; reason?: string; metrics?: Metrics }[];
  duplicates: { lines: number; places: string[] }[];
  failure?: string;
};

/** Unsaved edits of this or another tab. */
export type PageDraft = { window: string; base: number; savedAt: string; paths: string[] };

export type ReviewPage = {
  session: { id: string; name: string; teamId: string; isTrashed: boolean };
  codebaseId: string;
  head: { number: number; message: string };
  files: PageFile[];
  /** Number of files renamed in the zip for portability. */
  renamedInZip: number;
  file: OpenFile | null;
  /** Findings of the open file, by position. */
  findings: PageFinding[];
  /** Threads of the open file and of deleted files. */
  threads: PageThread[];
  /** The thread named by the URL; null when it doesn't exist. */
  openThread?: OpenThread | null;
  replyCapability: ReplyCapability;
  /** Ids for the next thread and message of a plain form, so that resubmitting is idempotent. */
  nextThreadId: string;
  nextMessageId: string;
  safeFixes: number;
  review: ReviewStrip | null;
  /** The latest model review. */
  modelReview: ModelReview | null;
  /** The log to follow while the head's review runs; undefined when it is done. */
  followLog?: string;
  draft: PageDraft | null;
  /** Id for the next action of a plain form, so that resubmitting is idempotent. */
  changeId: string;
};

/** Returns whether a finding is open: undecided, and its lines unchanged. */
export const isOpen = (finding: Pick<PageFinding, "decision" | "place">): boolean =>
  !finding.decision && finding.place !== "outdated";

/** The review coverage of the open file. */
export type FileReading = { state: "pending" | "read" | "partly" | "skipped" | "failed"; reason?: string };

/** Returns the open file's coverage; `pending` until the head's review finishes. */
export function getFileReading({ file, review, followLog }: ReviewPage): FileReading {
  if (followLog || !review) return { state: "pending" };
  if (review.status === "failed") return { state: "failed" };
  const covered = review.coverage.find(({ path }) => path === file?.path);
  if (!covered) return { state: "pending" };
  const { state, reason } = covered;
  return { state: state === "covered" ? "read" : state, ...(reason !== undefined && { reason }) };
}

export const totalCount = (counts: FindingCounts): number => counts.critical + counts.major + counts.minor + counts.nit;
