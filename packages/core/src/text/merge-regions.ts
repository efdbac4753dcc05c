import type { LineHunk } from "./diff";
import { textOfLines } from "./lines";
import type { Block } from "./merge-blocks";
import type { MergeSides } from "./merge-sides";

/**
 * A stretch of a merge: unchanged ("same"), changed by one side, changed alike by "both", or in conflict. The `base`,
 * `ours` and `theirs` of all regions, joined in order, give the three texts.
 */
export type MergeRegion = {
  kind: "same" | "ours" | "theirs" | "both" | "conflict";
  base: string;
  ours: string;
  theirs: string;
};

type Position = { base: number; ours: number; theirs: number };

/** Returns the regions of a merge in order: its blocks, and the text between them. */
export function regionsOf(sides: MergeSides, blocks: readonly Block[], ourHunks: readonly LineHunk[]): MergeRegion[] {
  const regions: MergeRegion[] = [];
  let at: Position = { base: 0, ours: 0, theirs: 0 };
  let nextHunk = 0;

  const add = (to: Position, kind?: Block["kind"]) => {
    const base = textOfLines(sides.base, at.base, to.base);
    const ours = textOfLines(sides.ours, at.ours, to.ours);
    const theirs = textOfLines(sides.theirs, at.theirs, to.theirs);
    at = to;
    if (base === "" && ours === "" && theirs === "") return;
    const last = regions[regions.length - 1];
    const effective = kind ?? (base === ours ? "same" : "both");
    if (last && last.kind === effective && effective === "same") {
      last.base += base;
      last.ours += ours;
      last.theirs += theirs;
      return;
    }
    regions.push({ kind: effective, base, ours, theirs });
  };

  /** Between blocks the sides are equal; where the base is not, both made the same change. */
  const addEqual = (to: Position) => {
    for (let hunk = ourHunks[nextHunk]; hunk && hunk.bStart < to.ours + 1; hunk = ourHunks[++nextHunk]) {
      if (hunk.bStart < at.ours || hunk.aStart < at.base) continue;
      if (hunk.bEnd > to.ours || hunk.aEnd > to.base) break;
      add({ base: hunk.aStart, ours: hunk.bStart, theirs: at.theirs + (hunk.bStart - at.ours) });
      add({ base: hunk.aEnd, ours: hunk.bEnd, theirs: at.theirs + (hunk.bEnd - hunk.bStart) });
    }
    add(to);
  };

  for (const block of blocks) {
    addEqual({ base: block.baseStart, ours: block.oursStart, theirs: block.theirsStart });
    add({ base: block.baseEnd, ours: block.oursEnd, theirs: block.theirsEnd }, block.kind);
  }
  addEqual({ base: sides.base.ids.length, ours: sides.ours.ids.length, theirs: sides.theirs.ids.length });
  return regions;
}
