/** Finds what stands on the lines of a text, while they are drawn one after the other. */
import type { Span } from "./spans";

/** Groups items by the line that each belongs to. */
export function byLine<Item>(items: readonly Item[], lineOf: (item: Item) => number): Map<number, Item[]> {
  const lines = new Map<number, Item[]>();
  for (const item of items) {
    const line = lineOf(item);
    const there = lines.get(line);
    if (there) there.push(item);
    else lines.set(line, [item]);
  }
  return lines;
}

/** Returns a cursor over the spans; lines must be requested in order. */
export function spanCursor(spans: readonly Span[]): (from: number, to: number) => Span[] {
  let next = 0;
  return (from, to) => {
    while ((spans[next]?.to ?? Number.POSITIVE_INFINITY) <= from) next++;
    const found: Span[] = [];
    for (let at = next; (spans[at]?.from ?? Number.POSITIVE_INFINITY) < to; at++) {
      const span = spans[at];
      if (span) found.push(span);
    }
    return found;
  };
}
