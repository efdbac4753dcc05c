/** A difference's part of the review page's data. */
import type { DifferenceFile, DifferenceSource, ShownDecision, Turn, Verdict } from "@redline/core/differences/schema";
import type { KnownPart } from "@redline/core/text/index";
import type { PackedSpans } from "../editor/spans";
import type { DifferenceView } from "./difference-html";
import type { FileGroup } from "./file-groups";

/** The change of a listed file; counts are lines. */
export type PageChange = Pick<DifferenceFile, "status" | "from" | "textless" | "added" | "removed"> & {
  group: FileGroup;
  isPartial: boolean;
  /** Hunks, and how many of them are decided: those that were reverted count. */
  hunks: number;
  decided: number;
};

/** The base of the open file: its text, or null where there was no such file. */
export type OpenBase = Pick<DifferenceFile, "status" | "from" | "textless" | "oldMode" | "newMode"> & {
  before: { text: string; packed: PackedSpans } | null;
  parts?: KnownPart[];
  /** Too long to be shown beside its base. */
  isTooLong: boolean;
  decisions: ShownDecision[];
};

export type PageDifference = {
  /** Versions of the codebase. */
  base: number;
  head: number;
  source: DifferenceSource;
  view: DifferenceView | "file";
  open: OpenBase | null;
  /** The agent's turn. */
  turn: Turn | null;
  verdicts: Verdict[];
  /** Id of the next verdict of a plain form. */
  verdictId: string;
};

/** Cookie of the view that was chosen last. */
export const VIEW_COOKIE = "redline-difference-view";
