/** The review page's data, from the server's loader. */

import type {
  DifferenceCounts,
  FindingDecision,
  ModelReview,
  PlacedFinding,
  ReviewStatus,
} from "@redline/core/review/schema";
import type { Coverage, Metrics } from "@redline/core/reviewers/schema";
import type { FindingCounts } from "@redline/core/sessions/schema";
import type { OpenThread, PageThread, ReplyCapability, ResolvedThreads } from "../conversation/page";
import type { PageChange, PageDifference } from "../difference/page";
import type { PackedSpans } from "../editor/spans";

/** A file in the list: `counts` are its open findings, `threads` its open threads. */
export type PageFile = {
  path: string;
  language: string;
  lines: number;
  size: number;
  counts: FindingCounts;
  threads: number;
  hash: string;
  /** Of a difference. */
  change?: PageChange;
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
  | "anchorState"
  | "fix"
  | "source"
  | "model"
  | "alsoSeenBy"
  | "onBase"
> & { decision?: FindingDecision };

export type ReviewStrip = {
  version: number;
  status: ReviewStatus;
  counts: FindingCounts;
  new: number;
  back: number;
  open: number;
  decided: number;
  resolved: number;
  coverage: { path: string; state: Coverage["state"]; reason?: string; metrics?: Metrics }[];
  duplicates: { lines: number; places: string[] }[];
  failure?: string;
  difference?: DifferenceCounts;
};

/** Unsaved edits of this or another tab. */
export type PageDraft = { draftId: string; base: number; savedAt: string; paths: string[] };

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
  /** Open threads of the open file and of deleted files. */
  threads: PageThread[];
  resolvedThreads: ResolvedThreads;
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
  /** Where the session reviews a difference. */
  difference?: PageDifference;
};

/** Returns whether the head can be undone: it is not what the session was given. */
export const isUndoable = ({ head, difference }: ReviewPage): boolean => head.number > (difference?.head ?? 1);

/** Returns whether a finding is open: undecided, and its lines unchanged. */
export const isOpen = (finding: Pick<PageFinding, "decision" | "anchorState">): boolean =>
  !finding.decision && finding.anchorState !== "outdated";

export const totalCount = (counts: FindingCounts): number => counts.critical + counts.major + counts.minor + counts.nit;

/** Returns whether the open file is shown as a difference, not as its whole text. */
export const isDifferenceShown = ({ difference }: ReviewPage): boolean =>
  !!difference?.open && difference.view !== "file";
