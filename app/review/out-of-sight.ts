import { LINE_PX } from "./margin-layout";

/** The numbers of findings above and below the visible part of the code. */
export type OutOfSight = { above: number; below: number };

/** Counts the lines (in order) that are wholly above or below what is visible, in px from the top of the code. */
export function findOutOfSight(
  lines: readonly number[],
  topOfLine: (line: number) => number,
  { top, bottom }: { top: number; bottom: number },
): OutOfSight {
  const above = countWhile(lines, (line) => topOfLine(line) + LINE_PX <= top);
  const below = lines.length - countWhile(lines, (line) => topOfLine(line) < bottom);
  return { above, below };
}

/** Counts the first elements for which a condition holds that holds for none after them. */
function countWhile(lines: readonly number[], holds: (line: number) => boolean): number {
  let low = 0;
  let high = lines.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(lines[middle] ?? 0)) low = middle + 1;
    else high = middle;
  }
  return low;
}
