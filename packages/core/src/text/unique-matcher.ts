import type { Box, ChangeMarks } from "./sequences";

/**
 * Matches two sequences by the elements that stand once in each (the idea of B. Cohen's patience diff, without its
 * recursion): the longest ascending chain of them, grown over equal neighbours. Takes n log n steps, whatever the input.
 */
export class UniqueMatcher {
  private readonly inA: Int32Array;
  private readonly inB: Int32Array;
  private readonly placeInB: Int32Array;

  constructor(
    private readonly a: Int32Array,
    private readonly b: Int32Array,
  ) {
    let highest = -1;
    for (let i = 0; i < a.length; i++) highest = Math.max(highest, a[i] as number);
    for (let j = 0; j < b.length; j++) highest = Math.max(highest, b[j] as number);
    this.inA = new Int32Array(highest + 1);
    this.inB = new Int32Array(highest + 1);
    this.placeInB = new Int32Array(highest + 1);
  }

  /** Marks all elements of the box as changed except the chain. */
  mark(marks: ChangeMarks, box: Box): void {
    marks.a.fill(1, box.aFrom, box.aTo);
    marks.b.fill(1, box.bFrom, box.bTo);
    let aEnd = box.aFrom;
    let bEnd = box.bFrom;
    const keep = (i: number, j: number) => {
      marks.a[i] = 0;
      marks.b[j] = 0;
    };
    for (const i of this.chain(box)) {
      const j = this.placeInB[this.a[i] as number] as number;
      if (i < aEnd || j < bEnd) continue;
      for (let up = 1; i - up >= aEnd && j - up >= bEnd && this.a[i - up] === this.b[j - up]; up++)
        keep(i - up, j - up);
      let down = 0;
      while (i + down < box.aTo && j + down < box.bTo && this.a[i + down] === this.b[j + down]) {
        keep(i + down, j + down);
        down++;
      }
      aEnd = i + down;
      bEnd = j + down;
    }
  }

  /** Places in `a` of the elements in the chain, ascending. Leaves their places in `b` in `placeInB`. */
  private chain({ aFrom, aTo, bFrom, bTo }: Box): number[] {
    const { a, b, inA, inB, placeInB } = this;
    for (let i = aFrom; i < aTo; i++) inA[a[i] as number] = (inA[a[i] as number] as number) + 1;
    for (let j = bFrom; j < bTo; j++) {
      const id = b[j] as number;
      inB[id] = (inB[id] as number) + 1;
      placeInB[id] = j;
    }
    const inAPlaces = new Int32Array(aTo - aFrom);
    const inBPlaces = new Int32Array(aTo - aFrom);
    let count = 0;
    for (let i = aFrom; i < aTo; i++) {
      const id = a[i] as number;
      if (inA[id] !== 1 || inB[id] !== 1) continue;
      inAPlaces[count] = i;
      inBPlaces[count++] = placeInB[id] as number;
    }
    for (let i = aFrom; i < aTo; i++) inA[a[i] as number] = 0;
    for (let j = bFrom; j < bTo; j++) inB[b[j] as number] = 0;
    return longestAscending(inBPlaces.subarray(0, count)).map((at) => inAPlaces[at] as number);
  }
}

/** Returns the indices of the longest ascending subsequence of `values`. */
export function longestAscending(values: ArrayLike<number>): number[] {
  const previous = new Int32Array(values.length);
  /** `tails[n]` is the index that ends the ascending part of length n + 1 with the lowest value. */
  const tails = new Int32Array(values.length);
  let length = 0;
  for (let at = 0; at < values.length; at++) {
    const value = values[at] as number;
    let low = 0;
    let high = length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((values[tails[middle] as number] as number) < value) low = middle + 1;
      else high = middle;
    }
    previous[at] = low > 0 ? (tails[low - 1] as number) : -1;
    tails[low] = at;
    if (low === length) length++;
  }
  const chain: number[] = [];
  for (let at = length > 0 ? (tails[length - 1] as number) : -1; at >= 0; at = previous[at] as number) chain.push(at);
  return chain.reverse();
}
