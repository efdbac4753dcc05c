import { diffIds, type LineHunk } from "./diff";
import { LineProfile } from "./line-similarity";
import { type NumberedText, numberLines, textOfLines } from "./lines";

/** What became of a line: where it stands now (0-based), and how alike it is to what it was (1 = untouched). */
export type LineFate = { line: number; likeness: number };

/** A changed line is the same line, edited, from this likeness on. */
const EDITED_LIKENESS = 0.5;
/** Hunks are compared line by line up to this many pairs; larger ones only at their likely places. */
const MAX_PAIRS = 40_000;
const MAP_BUDGET_STEPS = 30_000_000;

/** Follows lines from one text to the next: through the diff, and inside its hunks by likeness, in order. */
export class LineMap {
  private readonly from: NumberedText;
  private readonly to: NumberedText;
  private readonly hunks: LineHunk[];
  private readonly fates = new Map<LineHunk, Map<number, LineFate>>();

  constructor(from: string, to: string) {
    const { texts, distinct } = numberLines([from, to]);
    [this.from, this.to] = texts as [NumberedText, NumberedText];
    this.hunks = diffIds(this.from.ids, this.to.ids, distinct, { steps: MAP_BUDGET_STEPS });
  }

  fateOf(line: number): LineFate | undefined {
    const hunk = this.hunkAt(line);
    const passed = this.hunks[(hunk ? this.hunks.indexOf(hunk) : this.countBefore(line)) - 1];
    if (!hunk) return { line: line + (passed ? passed.bEnd - passed.aEnd : 0), likeness: 1 };
    return this.fatesIn(hunk).get(line);
  }

  private countBefore(line: number): number {
    let low = 0;
    let high = this.hunks.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.hunks[middle] as LineHunk).aEnd <= line) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private hunkAt(line: number): LineHunk | undefined {
    const hunk = this.hunks[this.countBefore(line)];
    return hunk && hunk.aStart <= line ? hunk : undefined;
  }

  private fatesIn(hunk: LineHunk): Map<number, LineFate> {
    const known = this.fates.get(hunk);
    if (known) return known;
    const fates = pairLines(hunk, this.from, this.to);
    this.fates.set(hunk, fates);
    return fates;
  }
}

/** The pairs of old and new lines of a hunk, in order on both sides, that are most alike together. */
function pairLines(hunk: LineHunk, from: NumberedText, to: NumberedText): Map<number, LineFate> {
  const rows = hunk.aEnd - hunk.aStart;
  const columns = hunk.bEnd - hunk.bStart;
  const fates = new Map<number, LineFate>();
  if (rows === 0 || columns === 0 || rows * columns > MAX_PAIRS) return fates;
  const profiles = (text: NumberedText, start: number, count: number) =>
    Array.from({ length: count }, (_, at) => new LineProfile(textOfLines(text, start + at, start + at + 1)));
  const before = profiles(from, hunk.aStart, rows);
  const after = profiles(to, hunk.bStart, columns);
  const likeness = new Float32Array(rows * columns);
  const best = new Float32Array((rows + 1) * (columns + 1));
  const width = columns + 1;
  for (let i = rows - 1; i >= 0; i--) {
    for (let j = columns - 1; j >= 0; j--) {
      const alike = (before[i] as LineProfile).similarity(after[j] as LineProfile);
      likeness[i * columns + j] = alike;
      const paired = alike >= EDITED_LIKENESS ? alike + (best[(i + 1) * width + j + 1] as number) : 0;
      best[i * width + j] = Math.max(paired, best[(i + 1) * width + j] as number, best[i * width + j + 1] as number);
    }
  }
  for (let i = 0, j = 0; i < rows && j < columns; ) {
    const here = best[i * width + j] as number;
    const alike = likeness[i * columns + j] as number;
    const paired = Math.fround(alike + (best[(i + 1) * width + j + 1] as number));
    if (alike >= EDITED_LIKENESS && here === paired) {
      fates.set(hunk.aStart + i, { line: hunk.bStart + j, likeness: alike });
      i++;
      j++;
    } else if (here === best[(i + 1) * width + j]) i++;
    else j++;
  }
  return fates;
}
