import { diffIds, type LineHunk } from "./diff";
import { alignByBlocks } from "./gestalt-lines";
import { comparable, likeness } from "./line-similarity";
import { type NumberedText, numberLines, textOfLines } from "./lines";

/** A line's fate: its present place (0-based), and how alike it is to its former text (1 = but for white space). */
export type LineFate = { line: number; likeness: number };

/** A changed line is still the same line when this share of its characters is. */
const EDITED_LIKENESS = 0.7;
/** A changed line with fewer characters than this ("}", "* ```") could be any other: it is not followed. */
export const MIN_TELLING_LENGTH = 8;
/** Pairs of lines that one map compares at most, over all hunks. */
const MAX_PAIRS = 250_000;
const MAP_BUDGET_STEPS = 30_000_000;

type Pair = { before: number; after: number; likeness: number };

/** Maps lines from one text to the next: through the diff, and within its hunks by similarity, in order. */
export class LineMap {
  private readonly from: NumberedText;
  private readonly to: NumberedText;
  private readonly hunks: LineHunk[];
  private readonly fates = new Map<LineHunk, Map<number, LineFate>>();
  private pairsLeft = MAX_PAIRS;
  private opinion: SecondOpinion | undefined;

  constructor(from: string, to: string) {
    const { texts, distinct } = numberLines([from, to]);
    [this.from, this.to] = texts as [NumberedText, NumberedText];
    this.hunks = diffIds(this.from.ids, this.to.ids, distinct, { steps: MAP_BUDGET_STEPS });
  }

  /** Undefined when the line is gone, or no longer to be recognised. */
  fateOf(line: number): LineFate | undefined {
    const passed = this.countBefore(line);
    const hunk = this.hunks[passed];
    if (hunk && hunk.aStart <= line) return this.fatesIn(hunk).get(line);
    const last = this.hunks[passed - 1];
    return { line: line + (last ? last.bEnd - last.aEnd : 0), likeness: 1 };
  }

  /** Returns whether lines [start, end) of the new text are all new or changed. */
  isNew(start: number, end: number): boolean {
    return this.hunks.some((hunk) => hunk.bStart <= start && end <= hunk.bEnd);
  }

  /** Returns the number of hunks that end at or before a line. */
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

  private fatesIn(hunk: LineHunk): Map<number, LineFate> {
    const known = this.fates.get(hunk);
    if (known) return known;
    const before = comparableLines(this.from, hunk.aStart, hunk.aEnd);
    const after = comparableLines(this.to, hunk.bStart, hunk.bEnd);
    const fates = new Map<number, LineFate>();
    this.opinion ??= new SecondOpinion(this.from.ids, this.to.ids);
    for (const pair of this.pairsOf(before, after)) {
      const line = hunk.aStart + pair.before;
      const fate = { line: hunk.bStart + pair.after, likeness: pair.likeness };
      if ((before[pair.before] as string).length < MIN_TELLING_LENGTH) continue;
      if (this.opinion.allows(line, fate.line)) fates.set(line, fate);
    }
    for (const at of before.keys()) {
      const line = hunk.aStart + at;
      const partner = this.opinion.partnerOf(line);
      if (partner !== undefined) fates.set(line, { line: partner, likeness: 1 });
    }
    this.fates.set(hunk, fates);
    return fates;
  }

  /** Lines equal but for white space first, as a diff finds them; between those, the lines most alike. */
  private pairsOf(before: readonly string[], after: readonly string[]): Pair[] {
    const { texts, distinct } = numberLines([before.join("\n"), after.join("\n")]);
    const [a, b] = texts as [NumberedText, NumberedText];
    const pairs: Pair[] = [];
    let i = 0;
    let j = 0;
    for (const gap of [...diffIds(a.ids, b.ids, distinct, { steps: MAP_BUDGET_STEPS }), undefined]) {
      const end = gap?.aStart ?? before.length;
      for (; i < end && j < after.length; i++, j++) pairs.push({ before: i, after: j, likeness: 1 });
      if (!gap) break;
      const size = (gap.aEnd - gap.aStart) * (gap.bEnd - gap.bStart);
      if (size <= this.pairsLeft) {
        this.pairsLeft -= size;
        pairs.push(...mostAlike(before.slice(gap.aStart, gap.aEnd), after.slice(gap.bStart, gap.bEnd), gap));
      }
      i = gap.aEnd;
      j = gap.bEnd;
    }
    return pairs;
  }
}

/**
 * Decides whether an alignment by common blocks leaves room for two lines to be one: it separates neither from the
 * other.
 */
class SecondOpinion {
  private readonly partners: Int32Array | undefined;
  private readonly taken: Uint8Array;
  /** For each line without a partner, the partners of the nearest lines above and below that have one. */
  private readonly above: Int32Array;
  private readonly below: Int32Array;

  constructor(from: Int32Array, to: Int32Array) {
    const partners = alignByBlocks(from, to);
    this.partners = partners;
    this.taken = new Uint8Array(to.length);
    this.above = new Int32Array(from.length);
    this.below = new Int32Array(from.length);
    if (!partners) return;
    for (let line = 0, last = -1; line < from.length; line++) {
      const partner = partners[line] as number;
      if (partner >= 0) {
        this.taken[partner] = 1;
        last = partner;
      }
      this.above[line] = last;
    }
    for (let line = from.length - 1, next = to.length; line >= 0; line--) {
      if ((partners[line] as number) >= 0) next = partners[line] as number;
      this.below[line] = next;
    }
  }

  /** The equal line that the alignment by blocks keeps this one as; the diff may have cut it out and put it in again. */
  partnerOf(before: number): number | undefined {
    const partner = this.partners?.[before] ?? -1;
    return partner === -1 ? undefined : partner;
  }

  allows(before: number, after: number): boolean {
    if (!this.partners) return true;
    if (this.partners[before] !== -1 || this.taken[after] === 1) return this.partners[before] === after;
    return (this.above[before] as number) < after && after < (this.below[before] as number);
  }
}

function comparableLines(text: NumberedText, from: number, to: number): string[] {
  return Array.from({ length: to - from }, (_, at) => comparable(textOfLines(text, from + at, from + at + 1)));
}

/** The pairs of old and new lines, in order on both sides, that are most alike in sum. */
function mostAlike(before: readonly string[], after: readonly string[], gap: LineHunk): Pair[] {
  const width = after.length + 1;
  const alike = new Float64Array(before.length * after.length);
  /** `best[i * width + j]` is the sum over the best pairs of lines from i and j on. */
  const best = new Float64Array((before.length + 1) * width);
  for (let i = before.length - 1; i >= 0; i--) {
    for (let j = after.length - 1; j >= 0; j--) {
      const here = likeness(before[i] as string, after[j] as string, EDITED_LIKENESS);
      alike[i * after.length + j] = here;
      const paired = here > 0 ? here + (best[(i + 1) * width + j + 1] as number) : 0;
      best[i * width + j] = Math.max(paired, best[(i + 1) * width + j] as number, best[i * width + j + 1] as number);
    }
  }
  const pairs: Pair[] = [];
  for (let i = 0, j = 0; i < before.length && j < after.length; ) {
    const sum = best[i * width + j] as number;
    const here = alike[i * after.length + j] as number;
    if (here > 0 && sum === here + (best[(i + 1) * width + j + 1] as number)) {
      pairs.push({ before: gap.aStart + i++, after: gap.bStart + j++, likeness: here });
    } else if (sum === best[(i + 1) * width + j]) i++;
    else j++;
  }
  return pairs;
}
