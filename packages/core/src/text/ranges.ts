import { diffEdits } from "./diff-edits";

/** UTF-16 offsets, half-open. */
export type TextRange = { start: number; end: number };

/**
 * Returns a range of `a` mapped through the difference to `b`; null when the text in the range was changed. UTF-16
 * offsets.
 */
export function mapRange(a: string, b: string, start: number, end: number): TextRange | null {
  return mapRanges(a, b, [{ start, end }])[0] ?? null;
}

/**
 * Returns ranges of `a` mapped to `b` with one comparison, in their order. An edit that only touches a range leaves it
 * unchanged; one inside it, or across one of its ends, gives null.
 */
export function mapRanges(a: string, b: string, ranges: readonly TextRange[]): (TextRange | null)[] {
  const edits = diffEdits(a, b);
  /** Shift of the text after the first n edits. */
  const shifts = [0];
  for (const edit of edits)
    shifts.push((shifts[shifts.length - 1] as number) + edit.text.length - (edit.end - edit.start));
  return ranges.map(({ start, end }) => {
    let low = 0;
    let high = edits.length;
    // The first edit that does not end before the range.
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((edits[middle]?.end ?? 0) <= start) low = middle + 1;
      else high = middle;
    }
    const next = edits[low];
    if (next && next.start < end) return null;
    const shift = shifts[low] as number;
    return { start: start + shift, end: end + shift };
  });
}
