/** The comparison page's data, from the server's loader. */
import type { FileComparison } from "@redline/core/codebases/schema";

/** A changed file in the list of them all; numbers of lines. */
export type FileSummary = Pick<FileComparison, "path" | "status" | "added" | "removed">;

/** A run of characters with one look: token classes, and whether these words are what changed. */
export type Piece = { text: string; className?: string; isChanged?: true };

/** One line of a side: its number from 1, and its pieces. `isCut` where a very long line was not shown to its end. */
export type Line = { number: number; pieces: Piece[]; isCut?: true };

/** One row: the same line on both sides, or a line that only one side has, or one that became another. */
export type Row = { before?: Line; after?: Line; isSame?: true };

export type Block =
  | { kind: "shown"; rows: Row[] }
  /** Unchanged lines that are folded; without rows where there are too many to send. */
  | { kind: "folded"; lines: number; rows: Row[] };

/** One file's comparison. `isPart` where it was too long to be shown whole. */
export type FileRows = { blocks: Block[]; isPart: boolean };

/** One column, or side by side. */
export type CompareView = "unified" | "split";
