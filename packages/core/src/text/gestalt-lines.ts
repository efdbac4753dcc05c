/**
 * A second opinion on which lines of two texts belong together: the longest common block of lines first, then the same
 * on either side of it (Ratcliff and Obershelp, 1988). A diff finds the fewest changes, this finds the lines that a
 * reader considers kept; where the two disagree, the result is uncertain.
 */

/** A line that stands this often cannot begin a block, only lengthen one. */
const TOO_COMMON = 100;
const BUDGET_STEPS = 10_000_000;

type Part = { aFrom: number; aTo: number; bFrom: number; bTo: number };

/**
 * Returns, for each line of `a`, the index of its partner in `b` or −1; undefined when the texts are too repetitive to
 * match in bounded time.
 */
export function alignByBlocks(a: Int32Array, b: Int32Array): Int32Array | undefined {
  const partners = new Int32Array(a.length).fill(-1);
  const places = placesOf(b);
  /** Work space: the length of the common block that ends at each line of `b`, for this line of `a` and the last one. */
  let lengths = new Int32Array(b.length + 1);
  let lastLengths = new Int32Array(b.length + 1);
  let steps = BUDGET_STEPS;

  const longestBlock = ({ aFrom, aTo, bFrom, bTo }: Part) => {
    const best = { a: aFrom, b: bFrom, length: 0 };
    for (let i = aFrom; i < aTo; i++) {
      const here = places.get(a[i] as number) ?? NOWHERE;
      steps -= 1 + here.length;
      for (const j of here) {
        if (j < bFrom || j >= bTo) continue;
        const length = (j > bFrom ? (lastLengths[j] as number) : 0) + 1;
        lengths[j + 1] = length;
        if (length > best.length) {
          best.a = i + 1 - length;
          best.b = j + 1 - length;
          best.length = length;
        }
      }
      if (i > aFrom) for (const j of places.get(a[i - 1] as number) ?? NOWHERE) lastLengths[j + 1] = 0;
      [lengths, lastLengths] = [lastLengths, lengths];
      if (steps < 0) break;
    }
    if (aTo > aFrom) for (const j of places.get(a[aTo - 1] as number) ?? NOWHERE) lastLengths[j + 1] = 0;
    return best;
  };

  const parts: Part[] = [{ aFrom: 0, aTo: a.length, bFrom: 0, bTo: b.length }];
  for (let part = parts.pop(); part; part = parts.pop()) {
    const block = longestBlock(part);
    if (steps < 0) return undefined;
    if (block.length === 0) continue;
    // Common lines next to the block were not looked up; they belong to it all the same.
    while (block.a > part.aFrom && block.b > part.bFrom && a[block.a - 1] === b[block.b - 1]) {
      block.a--;
      block.b--;
      block.length++;
    }
    while (
      block.a + block.length < part.aTo &&
      block.b + block.length < part.bTo &&
      a[block.a + block.length] === b[block.b + block.length]
    ) {
      block.length++;
    }
    for (let at = 0; at < block.length; at++) partners[block.a + at] = block.b + at;
    parts.push({ ...part, aTo: block.a, bTo: block.b });
    parts.push({ ...part, aFrom: block.a + block.length, bFrom: block.b + block.length });
  }
  return partners;
}

const NOWHERE: readonly number[] = [];

function placesOf(ids: Int32Array): Map<number, number[]> {
  const places = new Map<number, number[]>();
  for (let j = 0; j < ids.length; j++) {
    const id = ids[j] as number;
    const list = places.get(id);
    if (!list) places.set(id, [j]);
    else if (list.length <= TOO_COMMON) list.push(j);
  }
  for (const [id, list] of places) if (list.length > TOO_COMMON) places.delete(id);
  return places;
}
