/** Changed lines as a form names them: "-4 +4-6" are line 4 of the base and lines 4 to 6 of the head. */
import type { LineRange, SelectedLines } from "@redline/core/text/index";

export function formatLines({ removed, added }: SelectedLines): string {
  const write = (sign: string) => (range: LineRange) =>
    range.first === range.last ? `${sign}${range.first}` : `${sign}${range.first}-${range.last}`;
  return [...removed.map(write("-")), ...added.map(write("+"))].join(" ");
}

/** Parses what `formatLines` wrote; null for anything else. */
export function parseLines(text: string): SelectedLines | null {
  const selected: SelectedLines = { removed: [], added: [] };
  for (const part of text.trim().split(/\s+/)) {
    const found = /^([-+])(\d{1,7})(?:-(\d{1,7}))?$/.exec(part);
    if (!found) return null;
    const [, sign, first, last = first] = found;
    selected[sign === "-" ? "removed" : "added"].push({ first: Number(first), last: Number(last) });
  }
  return selected;
}

/** Adds a line to ranges that end before it. */
export function addLine(ranges: LineRange[], line: number): void {
  const last = ranges.at(-1);
  if (last && last.last + 1 === line) last.last = line;
  else ranges.push({ first: line, last: line });
}
