/**
 * What git does before it compares: common ends are cut off, and lines that cannot help are set aside as changed. A line
 * without a partner always is; a line with very many partners (a brace, a blank line) is when its neighbours mostly
 * have none, because matching it there would only tear one change in two.
 */
import { roughSquareRoot } from "./myers";

/** A line with this many partners has "very many", in any size of file. */
const MANY_PARTNERS_CEILING = 1024;
/** How far around a line its neighbours count. */
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

/** `distinct` is above every id of both sides. The kept arrays hold line numbers. */
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
  for (let i = start; i < end; i++) {
    const count = partners[ids[i] as number] as number;
    kinds[i - start] = count === 0 ? LONELY : count >= many ? CROWDED : NORMAL;
  }
  const kept = new Int32Array(end - start);
  let length = 0;
  for (let i = 0; i < kinds.length; i++) {
    const kind = kinds[i];
    if (kind === NORMAL || (kind === CROWDED && !standsAmongLonely(kinds, i))) kept[length++] = i + start;
  }
  return kept.subarray(0, length);
}

function standsAmongLonely(kinds: Uint8Array, at: number): boolean {
  const before = countRun(kinds, at, -1);
  if (before.lonely === 0) return false;
  const after = countRun(kinds, at, 1);
  if (after.lonely === 0) return false;
  const lonely = before.lonely + after.lonely;
  const crowded = before.crowded + after.crowded + 2;
  return crowded * LONELY_RATIO < crowded + lonely;
}

/** Lines next to `at`, up to the first normal one. */
function countRun(kinds: Uint8Array, at: number, step: 1 | -1): { lonely: number; crowded: number } {
  let lonely = 0;
  let crowded = 0;
  for (let distance = 1; distance <= NEIGHBOURHOOD; distance++) {
    const kind = kinds[at + step * distance];
    if (kind === LONELY) lonely++;
    else if (kind === CROWDED) crowded++;
    else break;
  }
  return { lonely, crowded };
}
