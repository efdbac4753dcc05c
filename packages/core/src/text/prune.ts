/**
 * Prepares a comparison as git does: common ends are cut off, and lines that cannot help are set aside as changed. A
 * line without a partner always is; a line with very many partners (a brace, a blank line) is when its neighbours
 * mostly have none, because matching it there would only tear one change in two.
 */
import { roughSquareRoot } from "./sequences";

/** A line with this many partners has "very many", in any size of file. */
const MANY_PARTNERS_CEILING = 1024;
/** The distance up to which a line's neighbours count. */
const NEIGHBOURHOOD = 100;
/** Set aside when lines without a partner are more than this many times the ones with many, less one. */
const LONELY_RATIO = 4;

const LONELY = 0;
const NORMAL = 1;
const CROWDED = 2;

/** The lines of each side that are left to compare, and where they stood. */
export type Pruned = {
  start: number;
  aEnd: number;
  bEnd: number;
  aKept: Int32Array;
  bKept: Int32Array;
};

/**
 * Returns the line numbers worth comparing on each side, and the bounds of the part that differs. `distinct` is above
 * every id.
 */
export function prune(a: Int32Array, b: Int32Array, distinct: number): Pruned {
  const shorter = Math.min(a.length, b.length);
  let start = 0;
  while (start < shorter && a[start] === b[start]) start++;
  let tail = 0;
  while (tail < shorter - start && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail++;
  const aEnd = a.length - tail;
  const bEnd = b.length - tail;
  if (start === aEnd || start === bEnd) {
    // One side is empty: everything left of the other one changed, there is nothing to compare.
    return { start, aEnd, bEnd, aKept: new Int32Array(0), bKept: new Int32Array(0) };
  }
  const inA = countIds(a, distinct);
  const inB = countIds(b, distinct);
  return { start, aEnd, bEnd, aKept: keep(a, start, aEnd, inB), bKept: keep(b, start, bEnd, inA) };
}

function countIds(ids: Int32Array, distinct: number): Int32Array {
  const counts = new Int32Array(distinct);
  for (let i = 0; i < ids.length; i++) {
    const id = ids[i] as number;
    counts[id] = (counts[id] as number) + 1;
  }
  return counts;
}

function keep(ids: Int32Array, start: number, end: number, partners: Int32Array): Int32Array {
  const many = Math.min(roughSquareRoot(ids.length), MANY_PARTNERS_CEILING);
  const kinds = new Uint8Array(end - start);
  let lonely = 0;
  let crowded = 0;
  for (let i = start; i < end; i++) {
    const count = partners[ids[i] as number] as number;
    if (count === 0) lonely++;
    else if (count >= many) {
      crowded++;
      kinds[i - start] = CROWDED;
    } else kinds[i - start] = NORMAL;
  }
  // Only a text that has both can have crowded lines among lonely ones.
  const standsAmongLonely = lonely > 0 && crowded > 0 ? neighbourhoods(kinds) : () => false;
  const kept = new Int32Array(end - start);
  let length = 0;
  for (let i = 0; i < kinds.length; i++) {
    const kind = kinds[i];
    if (kind === NORMAL || (kind === CROWDED && !standsAmongLonely(i))) kept[length++] = i + start;
  }
  return kept.subarray(0, length);
}

/**
 * Tells of a crowded line whether the lines next to it, up to the first normal one on each side, are mostly lonely. Counts
 * are looked up, not made line by line: a text may be millions of crowded lines.
 */
function neighbourhoods(kinds: Uint8Array): (at: number) => boolean {
  /** Lonely lines before each line. */
  const lonelyBefore = new Int32Array(kinds.length + 1);
  /** The nearest normal line at or after each line, which bounds the run after the one before it. */
  const nextNormal = new Int32Array(kinds.length + 1).fill(kinds.length);
  for (let i = 0; i < kinds.length; i++)
    lonelyBefore[i + 1] = (lonelyBefore[i] as number) + (kinds[i] === LONELY ? 1 : 0);
  for (let i = kinds.length - 1; i >= 0; i--) nextNormal[i] = kinds[i] === NORMAL ? i : (nextNormal[i + 1] as number);
  let previousNormal = -1;
  let seen = 0;
  return (at) => {
    for (; seen < at; seen++) if (kinds[seen] === NORMAL) previousNormal = seen;
    const from = Math.max(previousNormal + 1, at - NEIGHBOURHOOD);
    const to = Math.min(nextNormal[at] as number, at + NEIGHBOURHOOD + 1);
    const before = (lonelyBefore[at] as number) - (lonelyBefore[from] as number);
    const after = (lonelyBefore[to] as number) - (lonelyBefore[at + 1] as number);
    if (before === 0 || after === 0) return false;
    const lonely = before + after;
    // The line itself counts once for each side.
    const crowded = to - from + 1 - lonely;
    return crowded * LONELY_RATIO < crowded + lonely;
  };
}
