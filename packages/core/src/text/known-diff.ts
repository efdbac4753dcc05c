import { diffLines, type LineHunk } from "./diff";
import type { KnownPart } from "./diff-text/known-lines";
import { splitLines } from "./lines";

/** The changed lines between two texts; with `parts`, of which only those are known, within each of them. */
export function diffKnownLines(a: string, b: string, parts?: readonly KnownPart[]): LineHunk[] {
  if (!parts) return diffLines(a, b);
  const [before, after] = [splitLines(a), splitLines(b)];
  return parts.flatMap(({ aStart, aEnd, bStart, bEnd }) =>
    diffLines(before.slice(aStart, aEnd).join(""), after.slice(bStart, bEnd).join("")).map((hunk) => ({
      aStart: hunk.aStart + aStart,
      aEnd: hunk.aEnd + aStart,
      bStart: hunk.bStart + bStart,
      bEnd: hunk.bEnd + bStart,
    })),
  );
}

/** Carries the new side of known parts to a later text: what is edited at the edge of a part stays in it. */
export function carryParts(parts: readonly KnownPart[], from: string, to: string): KnownPart[] {
  const hunks = diffLines(from, to);
  const carry = (line: number, isEnd: boolean): number => {
    let shift = 0;
    for (const { aStart, aEnd, bStart, bEnd } of hunks) {
      if (aStart > line || (aStart === line && !isEnd)) break;
      if (aEnd > line) return isEnd ? bEnd : bStart;
      shift = bEnd - aEnd;
    }
    return line + shift;
  };
  return parts.map((part) => ({ ...part, bStart: carry(part.bStart, false), bEnd: carry(part.bEnd, true) }));
}
