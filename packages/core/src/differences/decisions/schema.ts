import * as v from "valibot";
import { LIMITS } from "../../limits";
import { sessionId } from "../../sessions/schema";
import type { HunkLines, SelectedLines } from "../../text/index";
import { newUlid } from "../../ulid";

/** Lines of one file that one decision is about. */
export type HunksOfDecision = { number: number; hunks: HunkLines[] };

/** What a reversion did to one file: its content before and after, by hash; null where there is no such file. */
export type RevertStep = {
  path: string;
  /** The difference's base, which the removed lines came back from. */
  base: string | null;
  from: string | null;
  to: string | null;
  parts: HunksOfDecision[];
};

/** A change that reverted rejected lines. */
export type Reversion = { changeId: string; version: number; steps: RevertStep[] };

type About = { number: number; id: string; authorName: string; createdAt: string };

/** Decided lines, as they were seen: with the content of both sides, by hash. */
export type LinesEntry = About & {
  kind: "accept" | "reject";
  path: string;
  version: number;
  base: string | null;
  head: string | null;
  hunks: HunkLines[];
  note: string;
  /** Of a rejection that took effect at once. */
  reversion?: Reversion;
};

export type UndoEntry = About & { kind: "undo"; of: number };

/** Rejections that were pending take effect with the end of a turn. */
export type TurnEndEntry = About & { kind: "turn-end"; turn: number; reversion?: Reversion };

/** An entry of a difference's log of decisions; entries are only ever appended. */
export type LogEntry =
  | LinesEntry
  | UndoEntry
  | (About & { kind: "turn-start"; turn: number; label: string })
  | TurnEndEntry;

/**
 * What became of a decision. *pending*: a rejection that takes effect when the agent's turn ends. *outdated*: its lines
 * changed again, or were decided anew.
 */
export const DECISION_STATES = ["accepted", "pending", "reverted", "undone", "outdated"] as const;
export type DecisionState = (typeof DECISION_STATES)[number];

/** A decision on lines of a file, with their texts as they were seen. */
export type LinesDecision = {
  /** Counts up in each session; the cursor of `listDecisions`. */
  number: number;
  id: string;
  decision: "accept" | "reject";
  state: DecisionState;
  path: string;
  version: number;
  /** 1-based: removed lines as on the base, added ones as on the version. */
  lines: SelectedLines;
  removed: string;
  added: string;
  note: string;
  authorName: string;
  createdAt: string;
};

/** A turn of an agent: while it is open, rejections wait. */
export type Turn = { state: "open" | "closed"; number: number; label: string };

/** A file for git's index: the base with the accepted lines; null where accepted deletions leave no file. */
export type FileToStage = { path: string; from?: string; mode?: string; base: string | null; text: string | null };

/** Where the lines of a standing decision are now, hunk by hunk; of reverted lines, where they were. */
export type PlacedLines = HunkLines & { number: number; decision: "accept" | "reject"; state: DecisionState };

/** Decided lines as a page shows them; `gone` is the text of lines that were reverted. */
export type ShownDecision = PlacedLines & {
  note: string;
  authorName: string;
  gone?: { removed: string; added: string };
};

export const decisionId = v.pipe(v.string(), v.regex(/^dec_[0-9A-Za-z]{26}$/, "That is not a decision's id."));

export const newDecisionId = (): string => `dec_${newUlid()}`;

const lineNumber = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(5_000_000));
const range = v.pipe(
  v.object({ first: lineNumber, last: lineNumber }),
  v.check(({ first, last }) => first <= last, "A range of lines begins before it ends."),
);
const ranges = v.optional(
  v.pipe(v.array(range), v.maxLength(LIMITS.hunkDecision.maxRanges, "Decide on fewer lines at once.")),
  [],
);

export const decideLinesSchema = v.object({
  sessionId,
  id: decisionId,
  path: v.string(),
  /** The version that was read. */
  version: v.pipe(v.number(), v.integer(), v.minValue(1)),
  /** Changed lines; all of the file where none are named. */
  lines: v.optional(v.object({ removed: ranges, added: ranges })),
  note: v.optional(
    v.pipe(v.string(), v.trim(), v.maxLength(LIMITS.hunkDecision.maxNoteChars, "The note is too long.")),
    "",
  ),
});
export type DecideLines = v.InferOutput<typeof decideLinesSchema>;

export const undoDecisionSchema = v.object({ sessionId, id: decisionId, number: lineNumber });

const turnLabel = v.optional(v.pipe(v.string(), v.trim(), v.maxLength(100, "A label has at most 100 characters.")), "");

export const startTurnSchema = v.object({ sessionId, label: turnLabel });
