/**
 * Linear-space comparison of two sequences of numbers (E. Myers, "An O(ND) Difference Algorithm and Its Variations",
 * 1986), with the two shortcuts that git takes when sequences are far apart, so that our hunks fall where git's do:
 * a long enough common run is accepted as a good place to split, and past a cost the furthest point reached is.
 */
import { type Box, type ChangeMarks, roughSquareRoot, type WorkBudget } from "./sequences";
import { UniqueMatcher } from "./unique-matcher";

/** A common run this long makes a diagonal worth a look. */
const SNAKE_LENGTH = 20;
/** Below this cost no shortcut is taken. */
const SHORTCUT_MIN_COST = 256;
/** A diagonal is a good place to split when it progressed this many times its cost. */
const SHORTCUT_PROGRESS = 4;
/** The cost at which the furthest point is taken, at least. */
const MAX_COST_FLOOR = 256;

const FAR = 0x7fffffff;

type Split = { a: number; b: number; exactBefore: boolean; exactAfter: boolean };

/**
 * Returns the marks of a minimal edit script, unless the texts are far apart. Git has no bound and takes minutes on
 * hostile texts; here, once the budget is spent, the rest is matched by its unique elements only.
 */
export function compareSequences(a: Int32Array, b: Int32Array, budget: WorkBudget): ChangeMarks {
  const marks: ChangeMarks = { a: new Uint8Array(a.length), b: new Uint8Array(b.length) };
  const search = new MiddleSearch(a, b, budget);
  let unique: UniqueMatcher | undefined;
  const boxes: Box[] = [{ aFrom: 0, aTo: a.length, bFrom: 0, bTo: b.length, exact: false }];
  for (let box = boxes.pop(); box; box = boxes.pop()) {
    shrink(a, b, box, budget);
    if (box.aFrom === box.aTo || box.bFrom === box.bTo) {
      marks.a.fill(1, box.aFrom, box.aTo);
      marks.b.fill(1, box.bFrom, box.bTo);
      continue;
    }
    const split = budget.steps > 0 ? search.split(box) : undefined;
    if (!split) {
      unique ??= new UniqueMatcher(a, b);
      unique.mark(marks, box);
      continue;
    }
    boxes.push({ ...box, aFrom: split.a, bFrom: split.b, exact: split.exactAfter });
    boxes.push({ ...box, aTo: split.a, bTo: split.b, exact: split.exactBefore });
  }
  return marks;
}

function shrink(a: Int32Array, b: Int32Array, box: Box, budget: WorkBudget): void {
  const before = box.aTo - box.aFrom;
  while (box.aFrom < box.aTo && box.bFrom < box.bTo && a[box.aFrom] === b[box.bFrom]) {
    box.aFrom++;
    box.bFrom++;
  }
  while (box.aFrom < box.aTo && box.bFrom < box.bTo && a[box.aTo - 1] === b[box.bTo - 1]) {
    box.aTo--;
    box.bTo--;
  }
  budget.steps -= before - (box.aTo - box.aFrom);
}

/**
 * Finds where a shortest path through a box crosses its middle, from both ends at once. `forward[k]` and `backward[k]`
 * are the furthest points reached on diagonal k = a − b.
 */
class MiddleSearch {
  private readonly forward: Int32Array;
  private readonly backward: Int32Array;
  /** The offset of diagonals (which go below 0) as indexes of the two arrays. */
  private readonly shift: number;
  private readonly maxCost: number;

  constructor(
    private readonly a: Int32Array,
    private readonly b: Int32Array,
    private readonly budget: WorkBudget,
  ) {
    const diagonals = a.length + b.length + 3;
    this.forward = new Int32Array(diagonals);
    this.backward = new Int32Array(diagonals);
    this.shift = b.length + 1;
    this.maxCost = Math.max(MAX_COST_FLOOR, roughSquareRoot(diagonals));
  }

  /** Undefined when the budget is spent on the way. */
  split(box: Box): Split | undefined {
    const { a, b, forward, backward, shift, budget } = this;
    const { aFrom, aTo, bFrom, bTo, exact } = box;
    const lowest = aFrom - bTo + shift;
    const highest = aTo - bFrom + shift;
    const forwardMid = aFrom - bFrom + shift;
    const backwardMid = aTo - bTo + shift;
    const odd = ((forwardMid - backwardMid) & 1) !== 0;
    let fMin = forwardMid;
    let fMax = forwardMid;
    let bMin = backwardMid;
    let bMax = backwardMid;
    forward[forwardMid] = aFrom;
    backward[backwardMid] = aTo;

    for (let cost = 1; ; cost++) {
      let longSnake = false;
      let steps = 0;

      if (fMin > lowest) forward[--fMin - 1] = -1;
      else fMin++;
      if (fMax < highest) forward[++fMax + 1] = -1;
      else fMax--;
      for (let k = fMax; k >= fMin; k -= 2) {
        const below = forward[k - 1] as number;
        const above = forward[k + 1] as number;
        let i = below >= above ? below + 1 : above;
        const start = i;
        let j = i - k + shift;
        while (i < aTo && j < bTo && a[i] === b[j]) {
          i++;
          j++;
        }
        steps += 1 + i - start;
        if (i - start > SNAKE_LENGTH) longSnake = true;
        forward[k] = i;
        if (odd && bMin <= k && k <= bMax && (backward[k] as number) <= i) {
          budget.steps -= steps;
          return { a: i, b: j, exactBefore: true, exactAfter: true };
        }
      }

      if (bMin > lowest) backward[--bMin - 1] = FAR;
      else bMin++;
      if (bMax < highest) backward[++bMax + 1] = FAR;
      else bMax--;
      for (let k = bMax; k >= bMin; k -= 2) {
        const below = backward[k - 1] as number;
        const above = backward[k + 1] as number;
        let i = below < above ? below : above - 1;
        const start = i;
        let j = i - k + shift;
        while (i > aFrom && j > bFrom && a[i - 1] === b[j - 1]) {
          i--;
          j--;
        }
        steps += 1 + start - i;
        if (start - i > SNAKE_LENGTH) longSnake = true;
        backward[k] = i;
        if (!odd && fMin <= k && k <= fMax && i <= (forward[k] as number)) {
          budget.steps -= steps;
          return { a: i, b: j, exactBefore: true, exactAfter: true };
        }
      }

      budget.steps -= steps;
      if (budget.steps < 0) return undefined;
      if (exact) continue;
      if (longSnake && cost > SHORTCUT_MIN_COST) {
        const found = this.longSnakeForward(box, fMin, fMax, cost) ?? this.longSnakeBackward(box, bMin, bMax, cost);
        if (found) return found;
      }
      if (cost >= this.maxCost) return this.furthest(box, fMin, fMax, bMin, bMax);
    }
  }

  private longSnakeForward(box: Box, fMin: number, fMax: number, cost: number): Split | undefined {
    const { a, b, forward, shift } = this;
    const mid = box.aFrom - box.bFrom + shift;
    let best = 0;
    let split: Split | undefined;
    for (let k = fMax; k >= fMin; k -= 2) {
      const i = forward[k] as number;
      const j = i - k + shift;
      const progress = i - box.aFrom + (j - box.bFrom) - Math.abs(k - mid);
      if (progress <= SHORTCUT_PROGRESS * cost || progress <= best) continue;
      if (i < box.aFrom + SNAKE_LENGTH || i >= box.aTo || j < box.bFrom + SNAKE_LENGTH || j >= box.bTo) continue;
      let run = 0;
      while (run < SNAKE_LENGTH && a[i - 1 - run] === b[j - 1 - run]) run++;
      if (run < SNAKE_LENGTH) continue;
      best = progress;
      split = { a: i, b: j, exactBefore: true, exactAfter: false };
    }
    return split;
  }

  private longSnakeBackward(box: Box, bMin: number, bMax: number, cost: number): Split | undefined {
    const { a, b, backward, shift } = this;
    const mid = box.aTo - box.bTo + shift;
    let best = 0;
    let split: Split | undefined;
    for (let k = bMax; k >= bMin; k -= 2) {
      const i = backward[k] as number;
      const j = i - k + shift;
      const progress = box.aTo - i + (box.bTo - j) - Math.abs(k - mid);
      if (progress <= SHORTCUT_PROGRESS * cost || progress <= best) continue;
      if (i <= box.aFrom || i > box.aTo - SNAKE_LENGTH || j <= box.bFrom || j > box.bTo - SNAKE_LENGTH) continue;
      let run = 0;
      while (run < SNAKE_LENGTH && a[i + run] === b[j + run]) run++;
      if (run < SNAKE_LENGTH) continue;
      best = progress;
      split = { a: i, b: j, exactBefore: false, exactAfter: true };
    }
    return split;
  }

  /** The point that got furthest from its end, measured by a + b. */
  private furthest(box: Box, fMin: number, fMax: number, bMin: number, bMax: number): Split {
    const { forward, backward, shift } = this;
    let ahead = -1;
    let aheadA = -1;
    for (let k = fMax; k >= fMin; k -= 2) {
      let i = Math.min(forward[k] as number, box.aTo);
      let j = i - k + shift;
      if (j > box.bTo) {
        j = box.bTo;
        i = j + k - shift;
      }
      if (i + j > ahead) {
        ahead = i + j;
        aheadA = i;
      }
    }
    let behind = FAR;
    let behindA = FAR;
    for (let k = bMax; k >= bMin; k -= 2) {
      let i = Math.max(backward[k] as number, box.aFrom);
      let j = i - k + shift;
      if (j < box.bFrom) {
        j = box.bFrom;
        i = j + k - shift;
      }
      if (i + j < behind) {
        behind = i + j;
        behindA = i;
      }
    }
    const forwardWon = box.aTo + box.bTo - behind < ahead - (box.aFrom + box.bFrom);
    return forwardWon
      ? { a: aheadA, b: ahead - aheadA, exactBefore: true, exactAfter: false }
      : { a: behindA, b: behind - behindA, exactBefore: false, exactAfter: true };
  }
}
