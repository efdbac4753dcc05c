/**
 * Three-way merge that decides as `git merge-file` does: the two sides' hunks against the base are paired, hunks that
 * touch conflict unless they are the same change, and a conflict is narrowed to the lines that truly differ.
 */

import { DIFF_BUDGET_STEPS, diffIds, type LineHunk } from "./diff";
import { type NumberedText, numberLines } from "./lines";
import { type Block, joinNearConflicts, narrowConflicts, pairHunks } from "./merge-blocks";
import { type MergeRegion, regionsOf } from "./merge-regions";
import type { MergeSides } from "./merge-sides";
import { type MarkerLabels, mergedText } from "./merged-text";
import type { WorkBudget } from "./sequences";

export type { MergeRegion } from "./merge-regions";

/** `text` of an unclean merge holds conflict markers, as `git merge-file -p` prints them. */
export type MergeResult =
  | { clean: true; text: string; regions: MergeRegion[] }
  | { clean: false; text: string; regions: MergeRegion[]; conflicts: number };

/**
 * Merges the changes of `ours` and `theirs` since `base`. Takes bounded time for any texts: past a budget of work the
 * hunks are coarser than git's, so that a conflict may be larger, but nothing is lost. Labels name the sides in the
 * markers.
 */
export function merge(base: string, ours: string, theirs: string, labels: Partial<MarkerLabels> = {}): MergeResult {
  const { texts, distinct } = numberLines([base, ours, theirs]);
  const [b, o, t] = texts as [NumberedText, NumberedText, NumberedText];
  const sides: MergeSides = { base: b, ours: o, theirs: t, distinct };
  const budget: WorkBudget = { steps: DIFF_BUDGET_STEPS };
  const ourHunks = diffIds(b.ids, o.ids, distinct, budget);
  const theirHunks = diffIds(b.ids, t.ids, distinct, budget);
  const blocks = mergeBlocks(sides, ourHunks, theirHunks, budget);
  const conflicts = blocks.filter((block) => block.kind === "conflict").length;
  const text = mergedText(sides, blocks, { ...labels, ours: labels.ours ?? "ours", theirs: labels.theirs ?? "theirs" });
  // A hostile merge has a million regions, and most callers want the text alone: regions are made when first asked for.
  let regions: MergeRegion[] | undefined;
  const lazy = {
    get regions() {
      regions ??= regionsOf(sides, blocks, ourHunks);
      return regions;
    },
  };
  return Object.assign(
    lazy,
    conflicts === 0 ? { clean: true as const, text } : { clean: false as const, text, conflicts },
  );
}

function mergeBlocks(sides: MergeSides, ourHunks: LineHunk[], theirHunks: LineHunk[], budget: WorkBudget): Block[] {
  const paired = pairHunks(sides, ourHunks, theirHunks);
  return joinNearConflicts(sides, narrowConflicts(sides, paired, ourHunks, budget));
}
