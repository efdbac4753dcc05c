/** Some of the changed lines of a difference: taken over one by one, or reverted. */
import type { LineHunk } from "./diff";
import { splitLines } from "./lines";

/** Lines `first` to `last`, 1-based and inclusive. */
export type LineRange = { first: number; last: number };

/** Changed lines: `removed` by their numbers in the text before, `added` by those in the text after. */
export type SelectedLines = { removed: LineRange[]; added: LineRange[] };

/**
 * Selected lines of one hunk; `at` is the line of the text after at which the hunk begins. Of a part of a hunk, `places` are
 * the lines of the text after that the removed ones come back before, one for each; of a whole hunk all come back at `at`.
 */
export type HunkLines = SelectedLines & { at: number; places?: number[] };

export const toRanges = (lines: Iterable<number>): LineRange[] =>
  joinRanges([...lines].map((line) => ({ first: line, last: line })));

export const linesIn = (ranges: readonly LineRange[]): number[] =>
  ranges.flatMap(({ first, last }) => Array.from({ length: last - first + 1 }, (_, at) => first + at));

export const countIn = (ranges: readonly LineRange[]): number =>
  ranges.reduce((sum, { first, last }) => sum + last - first + 1, 0);

/** Returns all changed lines, hunk by hunk. */
export const allHunkLines = (hunks: readonly LineHunk[]): HunkLines[] =>
  hunks.map(({ aStart, aEnd, bStart, bEnd }) => ({
    at: bStart + 1,
    removed: aEnd > aStart ? [{ first: aStart + 1, last: aEnd }] : [],
    added: bEnd > bStart ? [{ first: bStart + 1, last: bEnd }] : [],
  }));

/**
 * Splits selected lines by hunk; null where one of them is no changed line. Within a hunk the i-th removed line is paired
 * with the i-th added one, and comes back before it.
 */
export function splitByHunk(hunks: readonly LineHunk[], selected: SelectedLines): HunkLines[] | null {
  const wanted = { removed: joinRanges(selected.removed), added: joinRanges(selected.added) };
  const whole = allHunkLines(hunks);
  const parts = hunks.flatMap(({ aStart, aEnd, bStart, bEnd }, index): HunkLines[] => {
    const hunk = whole[index] ?? { at: bStart + 1, removed: [], added: [] };
    const removed = intersect(wanted.removed, hunk.removed);
    const added = intersect(wanted.added, hunk.added);
    if (removed.length + added.length === 0) return [];
    const isAll = countIn(removed) === aEnd - aStart && countIn(added) === bEnd - bStart;
    if (isAll || removed.length === 0 || bStart === bEnd) return [{ at: hunk.at, removed, added }];
    const places = linesIn(removed).map((line) => Math.min(hunk.at + line - 1 - aStart, bEnd + 1));
    return [{ at: hunk.at, removed, added, places }];
  });
  const found = (side: keyof SelectedLines) => parts.reduce((sum, part) => sum + countIn(part[side]), 0);
  const isWhole = (side: keyof SelectedLines) => found(side) === countIn(wanted[side]);
  return isWhole("removed") && isWhole("added") ? parts : null;
}

function joinRanges(ranges: readonly LineRange[]): LineRange[] {
  const joined: LineRange[] = [];
  for (const { first, last } of [...ranges].sort((one, two) => one.first - two.first)) {
    const before = joined.at(-1);
    if (before && first <= before.last + 1) before.last = Math.max(before.last, last);
    else joined.push({ first, last });
  }
  return joined;
}

function intersect(ranges: readonly LineRange[], within: readonly LineRange[]): LineRange[] {
  const common = ranges.flatMap((range) =>
    within.map(({ first, last }) => ({ first: Math.max(range.first, first), last: Math.min(range.last, last) })),
  );
  return common.filter(({ first, last }) => first <= last);
}

/** Returns `before` with the selected changes of `after`: in a hunk, each added line follows the removed one it is paired with. */
export function takeLines(
  before: string,
  after: string,
  hunks: readonly LineHunk[],
  selected: readonly SelectedLines[],
): string {
  const removed = new Set(selected.flatMap((each) => linesIn(each.removed)));
  const added = new Set(selected.flatMap((each) => linesIn(each.added)));
  const [old, now] = [splitLines(before), splitLines(after)];
  const lines: string[] = [];
  let at = 0;
  for (const { aStart, aEnd, bStart, bEnd } of hunks) {
    lines.push(...old.slice(at, aStart));
    for (let pair = 0; pair < Math.max(aEnd - aStart, bEnd - bStart); pair++) {
      const [a, b] = [aStart + pair + 1, bStart + pair + 1];
      if (a <= aEnd && !removed.has(a)) lines.push(old[a - 1] ?? "");
      if (b <= bEnd && added.has(b)) lines.push(now[b - 1] ?? "");
    }
    at = aEnd;
  }
  return joinLines([...lines, ...old.slice(at)]);
}

/** Returns `after` without the selected changes: removed lines are back, added ones gone. */
export function revertLines(before: string, after: string, selected: readonly HunkLines[]): string {
  const old = splitLines(before);
  const restored = restoredAt(selected);
  const dropped = new Set(selected.flatMap(({ added }) => linesIn(added)));
  const lines: string[] = [];
  const restore = (line: number) => {
    for (const number of restored.get(line) ?? []) lines.push(old[number - 1] ?? "");
  };
  const now = splitLines(after);
  now.forEach((text, index) => {
    restore(index + 1);
    if (!dropped.has(index + 1)) lines.push(text);
  });
  restore(now.length + 1);
  return joinLines(lines);
}

/** Where lines are after a text was changed. */
export type LineMoves = {
  /** Returns a line's new number; 0 for one that is gone. */
  lineOf: (line: number) => number;
  /** Returns where the place before a line is. */
  placeOf: (line: number) => number;
};

/** Maps the lines of the text after to those that `revertLines` returns. */
export function mapReverted(selected: readonly HunkLines[]): LineMoves {
  const restored = [...restoredAt(selected)].map(([at, lines]) => ({ at, count: lines.length }));
  const dropped = joinRanges(selected.flatMap(({ added }) => added));
  const countBefore = (line: number) =>
    dropped.reduce((sum, { first, last }) => sum + Math.max(0, Math.min(last + 1, line) - first), 0);
  const countRestored = (before: number) => restored.reduce((sum, { at, count }) => sum + (at < before ? count : 0), 0);
  return {
    lineOf: (line) =>
      dropped.some(({ first, last }) => first <= line && line <= last)
        ? 0
        : line - countBefore(line) + countRestored(line + 1),
    placeOf: (line) => line - countBefore(line) + countRestored(line),
  };
}

/** Lines of the text before that come back, by the line of the text after that they stand before. */
function restoredAt(selected: readonly HunkLines[]): Map<number, number[]> {
  const restored = new Map<number, number[]>();
  for (const { at, removed, places } of selected) {
    for (const [index, line] of linesIn(removed).entries()) {
      const place = places?.[index] ?? at;
      const lines = restored.get(place);
      if (lines) lines.push(line);
      else restored.set(place, [line]);
    }
  }
  for (const [at, lines] of restored)
    restored.set(
      at,
      lines.sort((one, two) => one - two),
    );
  return restored;
}

/** A last line without a line end gets one where another line comes to stand after it. */
function joinLines(lines: string[]): string {
  const ending = lines.some((line) => line.endsWith("\r\n")) ? "\r\n" : "\n";
  return lines.map((line, at) => (at < lines.length - 1 && !line.endsWith("\n") ? line + ending : line)).join("");
}
