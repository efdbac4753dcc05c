/**
 * The difference of two texts as edits: whole lines where much changed, words and characters where little did, so that a
 * redline marks what a reader would mark.
 */
import { diffIds, diffLines, type LineHunk } from "./diff";
import type { TextEdit } from "./edits";
import { lineStarts } from "./lines";

/** Hunks longer than this (characters of both sides) stay whole: word by word they would be unreadable. */
const MAX_REFINED_LENGTH = 8_000;
/** A hunk that keeps less than this share of its words is a replacement, not an edit. */
const MIN_COMMON_SHARE = 0.3;
const REFINE_BUDGET_STEPS = 10_000_000;

/**
 * Returns the edits that turn `a` into `b`: `applyEdits(a, diffEdits(a, b)) === b`. Offsets are UTF-16; no edit splits
 * a surrogate pair or a CRLF.
 */
export function diffEdits(a: string, b: string): TextEdit[] {
  const aStarts = lineStarts(a);
  const bStarts = lineStarts(b);
  const budget = { steps: REFINE_BUDGET_STEPS };
  return diffLines(a, b).flatMap((hunk: LineHunk) => {
    const start = aStarts[hunk.aStart] as number;
    const before = a.slice(start, aStarts[hunk.aEnd]);
    const after = b.slice(bStarts[hunk.bStart], bStarts[hunk.bEnd]);
    const refined = before.length + after.length <= MAX_REFINED_LENGTH ? refine(before, after, budget) : undefined;
    if (!refined) return [{ start, end: start + before.length, text: after }];
    return refined.map((edit) => ({ ...edit, start: edit.start + start, end: edit.end + start }));
  });
}

/** Undefined where the two have too little in common to be shown as an edit. */
function refine(before: string, after: string, budget: { steps: number }): TextEdit[] | undefined {
  if (before === "" || after === "") return undefined;
  const old = tokens(before);
  const young = tokens(after);
  const numbers = new Map<string, number>();
  const numbered = (list: readonly string[]) =>
    Int32Array.from(list, (token) => {
      const number = numbers.get(token) ?? numbers.size;
      numbers.set(token, number);
      return number;
    });
  const oldIds = numbered(old);
  const youngIds = numbered(young);
  const hunks = diffIds(oldIds, youngIds, numbers.size, budget);
  const changed = hunks.reduce((sum, hunk) => sum + lengthOfWords(old, hunk.aStart, hunk.aEnd), 0);
  const words = lengthOfWords(old, 0, old.length);
  if (words - changed < words * MIN_COMMON_SHARE) return undefined;
  return joinNear(hunks, old).map((hunk) => ({
    start: lengthOf(old, 0, hunk.aStart),
    end: lengthOf(old, 0, hunk.aEnd),
    text: young.slice(hunk.bStart, hunk.bEnd).join(""),
  }));
}

/** Words, runs of blanks, line ends, and every other character alone. */
function tokens(text: string): string[] {
  return text.match(/[\p{L}\p{N}_]+|[ \t]+|\r\n|./gsu) ?? [];
}

/** Changes with nothing but blanks or one sign between them are one change. */
function joinNear(hunks: readonly LineHunk[], old: readonly string[]): LineHunk[] {
  const joined: LineHunk[] = [];
  for (const hunk of hunks) {
    const last = joined[joined.length - 1];
    const between = last ? old.slice(last.aEnd, hunk.aStart).join("") : "";
    if (last && !between.includes("\n") && lengthOfWords([between], 0, 1) === 0 && between.length <= 2) {
      last.aEnd = hunk.aEnd;
      last.bEnd = hunk.bEnd;
    } else joined.push({ ...hunk });
  }
  return joined;
}

function lengthOf(list: readonly string[], from: number, to: number): number {
  let length = 0;
  for (let at = from; at < to; at++) length += (list[at] as string).length;
  return length;
}

function lengthOfWords(list: readonly string[], from: number, to: number): number {
  let length = 0;
  for (let at = from; at < to; at++) {
    const token = list[at] as string;
    if (/[\p{L}\p{N}_]/u.test(token)) length += token.length;
  }
  return length;
}
