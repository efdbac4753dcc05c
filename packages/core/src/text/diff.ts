import { indentationChooser } from "./indentation";
import { type NumberedText, numberLines } from "./lines";
import { compareSequences } from "./myers";
import { prune } from "./prune";
import type { ChangeMarks, WorkBudget } from "./sequences";
import { slideChanges } from "./slide";

/** Lines [aStart, aEnd) of one text became lines [bStart, bEnd) of another; 0-based, half-open, never both empty. */
export type LineHunk = { aStart: number; aEnd: number; bStart: number; bEnd: number };

/**
 * Steps that one call may spend on looking for a short edit script, well under a second; past it the hunks are still
 * right, only no longer the smallest. Real files stay far below.
 */
export const DIFF_BUDGET_STEPS = 25_000_000;

/**
 * Returns the hunks of changed lines between two texts in order, as `git diff` would place them with its indent
 * heuristic.
 */
export function diffLines(a: string, b: string): LineHunk[] {
  const { texts, distinct } = numberLines([a, b]);
  const [left, right] = texts as [NumberedText, NumberedText];
  const marks = markChanges(left.ids, right.ids, distinct, { steps: DIFF_BUDGET_STEPS });
  slideChanges(left.ids, right.ids, marks, { a: indentationChooser(left), b: indentationChooser(right) });
  return toLineHunks(marks);
}

/** Returns the hunks between two numbered sequences as `git merge-file` finds them. `distinct` is above every id. */
export function diffIds(a: Int32Array, b: Int32Array, distinct: number, budget: WorkBudget): LineHunk[] {
  const marks = markChanges(a, b, distinct, budget);
  slideChanges(a, b, marks);
  return toLineHunks(marks);
}

function markChanges(a: Int32Array, b: Int32Array, distinct: number, budget: WorkBudget): ChangeMarks {
  const { start, aEnd, bEnd, aKept, bKept } = prune(a, b, distinct);
  const marks: ChangeMarks = { a: new Uint8Array(a.length), b: new Uint8Array(b.length) };
  marks.a.fill(1, start, aEnd);
  marks.b.fill(1, start, bEnd);
  const kept = compareSequences(pick(a, aKept), pick(b, bKept), budget);
  putBack(marks.a, aKept, kept.a);
  putBack(marks.b, bKept, kept.b);
  return marks;
}

function putBack(marks: Uint8Array, at: Int32Array, kept: Uint8Array): void {
  for (let i = 0; i < at.length; i++) marks[at[i] as number] = kept[i] as number;
}

function pick(ids: Int32Array, at: Int32Array): Int32Array {
  const picked = new Int32Array(at.length);
  for (let i = 0; i < at.length; i++) picked[i] = ids[at[i] as number] as number;
  return picked;
}

function toLineHunks({ a, b }: ChangeMarks): LineHunk[] {
  const hunks: LineHunk[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    const aStart = i;
    const bStart = j;
    while (a[i] === 1) i++;
    while (b[j] === 1) j++;
    if (i > aStart || j > bStart) hunks.push({ aStart, aEnd: i, bStart, bEnd: j });
    // Unchanged lines stand in pairs; at the end of both texts there is none left.
    i++;
    j++;
  }
  return hunks;
}
