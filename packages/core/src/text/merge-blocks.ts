import { diffIds, type LineHunk } from "./diff";
import type { MergeSides } from "./merge-sides";
import type { WorkBudget } from "./sequences";

/**
 * A stretch where the sides are not all equal, as line ranges, half-open: "ours" or "theirs" changed alone, "both" made
 * the same text by different hunks, or they conflict. Between blocks, ours and theirs are equal.
 */
export type Block = {
  kind: "ours" | "theirs" | "both" | "conflict";
  baseStart: number;
  baseEnd: number;
  oursStart: number;
  oursEnd: number;
  theirsStart: number;
  theirsEnd: number;
};

/** Conflicts with no more equal lines than this between them are one conflict. */
const NEAR_LINES = 3;

/**
 * Pairs the two lists of hunks along the base into blocks. Equal hunks at the same location leave no block: both sides
 * agree there.
 */
export function pairHunks(sides: MergeSides, ourHunks: readonly LineHunk[], theirHunks: readonly LineHunk[]): Block[] {
  const blocks: Block[] = [];
  let i = 0;
  let j = 0;
  // The offset of each side from the base, after the hunks passed so far.
  let ourShift = 0;
  let theirShift = 0;
  for (;;) {
    const ours = ourHunks[i];
    const theirs = theirHunks[j];
    if (!ours && !theirs) return blocks;
    if (ours && (!theirs || ours.aEnd < theirs.aStart)) {
      addBlock(blocks, {
        kind: "ours",
        baseStart: ours.aStart,
        baseEnd: ours.aEnd,
        oursStart: ours.bStart,
        oursEnd: ours.bEnd,
        theirsStart: ours.aStart + theirShift,
        theirsEnd: ours.aEnd + theirShift,
      });
      ourShift = ours.bEnd - ours.aEnd;
      i++;
    } else if (theirs && (!ours || theirs.aEnd < ours.aStart)) {
      addBlock(blocks, {
        kind: "theirs",
        baseStart: theirs.aStart,
        baseEnd: theirs.aEnd,
        oursStart: theirs.aStart + ourShift,
        oursEnd: theirs.aEnd + ourShift,
        theirsStart: theirs.bStart,
        theirsEnd: theirs.bEnd,
      });
      theirShift = theirs.bEnd - theirs.aEnd;
      j++;
    } else if (ours && theirs) {
      if (!sameChange(sides, ours, theirs)) addBlock(blocks, conflictOf(ours, theirs));
      if (ours.aEnd <= theirs.aEnd) {
        ourShift = ours.bEnd - ours.aEnd;
        i++;
      }
      if (theirs.aEnd <= ours.aEnd) {
        theirShift = theirs.bEnd - theirs.aEnd;
        j++;
      }
    }
  }
}

function sameChange(sides: MergeSides, ours: LineHunk, theirs: LineHunk): boolean {
  const lines = ours.bEnd - ours.bStart;
  if (ours.aStart !== theirs.aStart || ours.aEnd !== theirs.aEnd || lines !== theirs.bEnd - theirs.bStart) return false;
  for (let k = 0; k < lines; k++) {
    if (sides.ours.ids[ours.bStart + k] !== sides.theirs.ids[theirs.bStart + k]) return false;
  }
  return true;
}

/** The smallest stretch that covers both hunks; where one begins or ends earlier, the other side is unchanged there. */
function conflictOf(ours: LineHunk, theirs: LineHunk): Block {
  const baseStart = Math.min(ours.aStart, theirs.aStart);
  const baseEnd = Math.max(ours.aEnd, theirs.aEnd);
  return {
    kind: "conflict",
    baseStart,
    baseEnd,
    oursStart: ours.bStart - (ours.aStart - baseStart),
    oursEnd: ours.bEnd + (baseEnd - ours.aEnd),
    theirsStart: theirs.bStart - (theirs.aStart - baseStart),
    theirsEnd: theirs.bEnd + (baseEnd - theirs.aEnd),
  };
}

/** Appends `block`, or lets the last one grow over it where they touch; grown together, different kinds conflict. */
function addBlock(blocks: Block[], block: Block): void {
  const last = blocks[blocks.length - 1];
  if (!last || (block.oursStart > last.oursEnd && block.theirsStart > last.theirsEnd)) {
    blocks.push(block);
    return;
  }
  if (last.kind !== block.kind) last.kind = "conflict";
  last.baseEnd = block.baseEnd;
  last.oursEnd = block.oursEnd;
  last.theirsEnd = block.theirsEnd;
}

/** Compares the two sides of each conflict and keeps as conflicts only the lines that differ between them. */
export function narrowConflicts(
  sides: MergeSides,
  blocks: readonly Block[],
  ourHunks: readonly LineHunk[],
  budget: WorkBudget,
): Block[] {
  const baseLine = baseLineFinder(ourHunks);
  return blocks.flatMap((block) => {
    // Without budget a conflict stays as large as it is, which only shows more than needed.
    if (budget.steps <= 0) return [block];
    if (block.kind !== "conflict" || block.oursStart === block.oursEnd || block.theirsStart === block.theirsEnd) {
      return [block];
    }
    const { oursStart, theirsStart } = block;
    const hunks = diffSlices(sides, block, budget);
    if (hunks.length === 0) return [{ ...block, kind: "both" as const }];
    return hunks.map((hunk, index): Block => {
      // Which base lines belong to a part of a conflict is a choice: the ones that ours has unchanged around it.
      const isFirst = index === 0;
      const isLast = index === hunks.length - 1;
      const clamp = (line: number) => Math.min(Math.max(line, block.baseStart), block.baseEnd);
      return {
        kind: "conflict",
        baseStart: isFirst && hunk.aStart === 0 ? block.baseStart : clamp(baseLine(oursStart + hunk.aStart)),
        baseEnd:
          isLast && hunk.aEnd === block.oursEnd - oursStart ? block.baseEnd : clamp(baseLine(oursStart + hunk.aEnd)),
        oursStart: oursStart + hunk.aStart,
        oursEnd: oursStart + hunk.aEnd,
        theirsStart: theirsStart + hunk.bStart,
        theirsEnd: theirsStart + hunk.bEnd,
      };
    });
  });
}

/** Slices much smaller than the texts get ids of their own, so that many small conflicts cost no more than one large one. */
function diffSlices(sides: MergeSides, block: Block, budget: WorkBudget): LineHunk[] {
  const ours = sides.ours.ids.subarray(block.oursStart, block.oursEnd);
  const theirs = sides.theirs.ids.subarray(block.theirsStart, block.theirsEnd);
  if ((ours.length + theirs.length) * SPARSE_FACTOR >= sides.distinct) {
    return diffIds(ours, theirs, sides.distinct, budget);
  }
  const dense = new Map<number, number>();
  const densify = (id: number) => {
    const known = dense.get(id);
    if (known !== undefined) return known;
    dense.set(id, dense.size);
    return dense.size - 1;
  };
  const ourDense = ours.map(densify);
  const theirDense = theirs.map(densify);
  return diffIds(ourDense, theirDense, dense.size, budget);
}

/** Below one line for this many distinct ones, counting by id would cost more than numbering anew. */
const SPARSE_FACTOR = 8;

/** Maps a line of ours to the base; lines inside a hunk map to its start in the base. Ask in ascending order. */
function baseLineFinder(hunks: readonly LineHunk[]): (ourLine: number) => number {
  let passed = 0;
  let previous = 0;
  return (ourLine) => {
    if (ourLine < previous) passed = 0;
    previous = ourLine;
    for (let next = hunks[passed]; next && next.bEnd <= ourLine; next = hunks[++passed]);
    const last = hunks[passed - 1];
    const unchanged = ourLine - (last ? last.bEnd - last.aEnd : 0);
    const next = hunks[passed];
    return next ? Math.min(unchanged, next.aStart) : unchanged;
  };
}

/** Joins conflicts that a few lines, or only lines without a letter or digit, keep apart: they are read as one. */
export function joinNearConflicts(sides: MergeSides, blocks: readonly Block[]): Block[] {
  const joined: Block[] = [];
  for (const block of blocks) {
    const last = joined[joined.length - 1];
    if (last?.kind === "conflict" && block.kind === "conflict" && areNear(sides, last.oursEnd, block.oursStart)) {
      last.baseEnd = block.baseEnd;
      last.oursEnd = block.oursEnd;
      last.theirsEnd = block.theirsEnd;
    } else {
      joined.push({ ...block });
    }
  }
  return joined;
}

function areNear({ ours }: MergeSides, from: number, to: number): boolean {
  if (to - from <= NEAR_LINES) return true;
  for (let at = ours.starts[from] as number; at < (ours.starts[to] as number); at++) {
    if (isAsciiAlphanumeric(ours.text.charCodeAt(at))) return false;
  }
  return true;
}

function isAsciiAlphanumeric(char: number): boolean {
  return (char >= 0x30 && char <= 0x39) || (char >= 0x41 && char <= 0x5a) || (char >= 0x61 && char <= 0x7a);
}
