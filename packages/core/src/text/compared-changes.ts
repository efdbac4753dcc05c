/** The changes between two texts of one block. */
import { withoutReturn, withoutTrailingBlanks } from "./blanks";
import { diffIds } from "./diff";
import { type NumberedText, numberLines } from "./lines";
import type { BlockChange } from "./new-lines";
import type { PlacedBlock } from "./placed-block";

/** Returns the changes that turn a block's lines into their replacement; unchanged lines are left out. */
export function changesBetween(oldLines: readonly string[], newLines: readonly string[]): BlockChange[] {
  const asText = (lines: readonly string[]) => lines.map((line) => `${line}\n`).join("");
  const { texts, distinct } = numberLines([asText(oldLines), asText(newLines)]);
  const [before, after] = texts as [NumberedText, NumberedText];
  return diffIds(before.ids, after.ids, distinct, { steps: CHANGES_BUDGET_STEPS }).map((hunk) => ({
    oldStart: hunk.aStart,
    oldEnd: hunk.aEnd,
    lines: newLines.slice(hunk.bStart, hunk.bEnd),
  }));
}

const CHANGES_BUDGET_STEPS = 10_000_000;

/** Returns the changes of a block that a model wrote twice, before and after, as far as its quote determines them. */
export function comparedChanges(
  block: PlacedBlock,
  quoted: readonly string[],
  file: readonly string[],
  whole: BlockChange,
): readonly BlockChange[] {
  if (block.match !== "line-ends") return [whole];
  return quoted.every((line, at) => line === file[at]) ? block.changes : changesInText(quoted, whole.lines);
}

/** The changes between lines of which those are the same that differ in blanks at their ends alone. */
function changesInText(quoted: readonly string[], written: readonly string[]): BlockChange[] {
  const found: BlockChange[] = [];
  let old = 0;
  let young = 0;
  const keepTo = (end: number) => {
    for (; old < end; old++, young++) {
      const line = written[young] as string;
      if (line !== quoted[old]) found.push({ oldStart: old, oldEnd: old + 1, lines: [line] });
    }
  };
  for (const change of changesBetween(quoted.map(withoutTrailingBlanks), written.map(withoutTrailingBlanks))) {
    keepTo(change.oldStart);
    const count = change.lines.length;
    found.push({ ...change, lines: written.slice(young, young + count) });
    old = change.oldEnd;
    young += count;
  }
  keepTo(quoted.length);
  return found;
}

export function asOneChange(quoted: readonly string[], changes: readonly BlockChange[]): BlockChange {
  const lines: string[] = [];
  let old = 0;
  for (const change of changes) {
    lines.push(...quoted.slice(old, change.oldStart), ...change.lines.map(withoutReturn));
    old = change.oldEnd;
  }
  return { oldStart: 0, oldEnd: quoted.length, lines: [...lines, ...quoted.slice(old)] };
}
