/**
 * Returns how alike two lines are: the share of their characters in common blocks, found longest first (Ratcliff and
 * Obershelp's gestalt matching, 1988). 1 is equal, 0 nothing in common. White space around a line does not count.
 */

/** Past this many characters the rest of a line is not looked at. */
const MAX_COMPARED = 300;

export function comparable(line: string): string {
  return line.slice(0, MAX_COMPARED).trim();
}

/** Returns the similarity (0 to 1) of two lines made `comparable`; 0 when it is below `least`. */
export function likeness(one: string, two: string, least: number): number {
  if (one === two) return 1;
  const total = one.length + two.length;
  if (2 * Math.min(one.length, two.length) < least * total) return 0;
  if (2 * sharedCharacters(one, two) < least * total) return 0;
  const alike = (2 * commonLength(one, two)) / total;
  return alike >= least ? alike : 0;
}

/** Characters of ASCII that both have, wherever: never less than what stands in common blocks. */
function sharedCharacters(one: string, two: string): number {
  COUNTS.fill(0);
  for (let i = 0; i < one.length; i++) {
    const slot = one.charCodeAt(i) & COUNT_MASK;
    COUNTS[slot] = (COUNTS[slot] as number) + 1;
  }
  let shared = 0;
  for (let j = 0; j < two.length; j++) {
    const slot = two.charCodeAt(j) & COUNT_MASK;
    const left = COUNTS[slot] as number;
    if (left === 0) continue;
    COUNTS[slot] = left - 1;
    shared++;
  }
  return shared;
}

/** Scratch space for counting; characters that share a slot only make the bound a little looser. */
const COUNT_MASK = 127;
const COUNTS = new Int32Array(COUNT_MASK + 1);

/** The total length of the longest common block and, on either side of it, of the same again. */
function commonLength(one: string, two: string): number {
  let total = 0;
  const parts: [number, number, number, number][] = [[0, one.length, 0, two.length]];
  for (let part = parts.pop(); part; part = parts.pop()) {
    const [oneFrom, oneTo, twoFrom, twoTo] = part;
    const block = longestBlock(one, oneFrom, oneTo, two, twoFrom, twoTo);
    if (block.length === 0) continue;
    total += block.length;
    parts.push([oneFrom, block.one, twoFrom, block.two]);
    parts.push([block.one + block.length, oneTo, block.two + block.length, twoTo]);
  }
  return total;
}

type CommonBlock = { one: number; two: number; length: number };

function longestBlock(
  one: string,
  oneFrom: number,
  oneTo: number,
  two: string,
  twoFrom: number,
  twoTo: number,
): CommonBlock {
  const best: CommonBlock = { one: oneFrom, two: twoFrom, length: 0 };
  if (oneFrom === oneTo || twoFrom === twoTo) return best;
  // Lengths of the common blocks that end at each character of `two`, for the row before; filled from the right.
  const lengths = new Uint16Array(twoTo - twoFrom + 1);
  for (let i = oneFrom; i < oneTo; i++) {
    const char = one.charCodeAt(i);
    for (let j = twoTo - 1; j >= twoFrom; j--) {
      const at = j - twoFrom;
      if (two.charCodeAt(j) !== char) {
        lengths[at + 1] = 0;
        continue;
      }
      const length = (lengths[at] as number) + 1;
      lengths[at + 1] = length;
      const start = j + 1 - length;
      if (length > best.length || (length === best.length && i + 1 - length === best.one && start < best.two)) {
        best.one = i + 1 - length;
        best.two = start;
        best.length = length;
      }
    }
  }
  return best;
}
