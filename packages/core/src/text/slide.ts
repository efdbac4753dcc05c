/**
 * A run of changed lines often has several equivalent places: in "a b a b", added "a b" may be either half. Runs are
 * slid as git slides them: runs that touch become one, a run that can line up with a change on the other side does,
 * else it goes as far down as it can, or, for display, to where the indentation says a block begins.
 */
import type { ChangeMarks } from "./sequences";

/** Chooses, among run ends from `highest` to `lowest`, the best one to show; `length` is the run's. */
export type ShiftChooser = (end: { highest: number; lowest: number; length: number }) => number;

/** Slides the runs of both sides in place. `ids` are the lines that the marks belong to. */
export function slideChanges(
  a: Int32Array,
  b: Int32Array,
  marks: ChangeMarks,
  choose?: { a?: ShiftChooser; b?: ShiftChooser },
): void {
  slideSide(a, marks.a, marks.b, choose?.a);
  slideSide(b, marks.b, marks.a, choose?.b);
}

/** A run of changed lines [start, end), possibly empty: between any two unchanged lines stands exactly one run. */
class Run {
  start = 0;
  end = 0;

  constructor(private readonly changed: Uint8Array) {
    this.growDown();
  }

  get isEmpty(): boolean {
    return this.start === this.end;
  }

  get length(): number {
    return this.end - this.start;
  }

  next(): boolean {
    if (this.end >= this.changed.length) return false;
    this.start = this.end + 1;
    this.end = this.start;
    this.growDown();
    return true;
  }

  previous(): boolean {
    if (this.start === 0) return false;
    this.end = this.start - 1;
    this.start = this.end;
    this.growUp();
    return true;
  }

  slideDown(ids: Int32Array): boolean {
    if (this.end >= ids.length || ids[this.start] !== ids[this.end]) return false;
    this.changed[this.start++] = 0;
    this.changed[this.end++] = 1;
    this.growDown();
    return true;
  }

  slideUp(ids: Int32Array): boolean {
    if (this.start === 0 || ids[this.start - 1] !== ids[this.end - 1]) return false;
    this.changed[--this.start] = 1;
    this.changed[--this.end] = 0;
    this.growUp();
    return true;
  }

  private growDown(): void {
    while (this.changed[this.end] === 1) this.end++;
  }

  private growUp(): void {
    while (this.start > 0 && this.changed[this.start - 1] === 1) this.start--;
  }
}

function slideSide(ids: Int32Array, changed: Uint8Array, otherChanged: Uint8Array, choose?: ShiftChooser): void {
  const run = new Run(changed);
  // The other side's run between the same two unchanged lines; it is moved in step with `run`.
  const other = new Run(otherChanged);
  do {
    if (!run.isEmpty) slideRun(ids, run, other, choose);
  } while (run.next() && other.next());
}

function slideRun(ids: Int32Array, run: Run, other: Run, choose: ShiftChooser | undefined): void {
  let highest: number;
  let meetsOther: boolean;
  let length: number;
  do {
    length = run.length;
    while (run.slideUp(ids)) other.previous();
    highest = run.end;
    meetsOther = !other.isEmpty;
    while (run.slideDown(ids)) {
      other.next();
      if (!other.isEmpty) meetsOther = true;
    }
  } while (run.length !== length);

  if (run.end === highest) return;
  if (meetsOther) {
    while (other.isEmpty && run.slideUp(ids)) other.previous();
    return;
  }
  if (!choose) return;
  const best = choose({ highest, lowest: run.end, length: run.length });
  while (run.end > best && run.slideUp(ids)) other.previous();
}
