/** A file of which only those lines are known that diffs show: composed of the hunks of one diff, or of several in a row. */
import { PatchRefused } from "../patch-refused";
import type { HunkLine, UnifiedHunk } from "./hunks";

/** Lines that are known on both sides: half-open, 0-based, by their numbers on each side. */
export type KnownPart = { aStart: number; aEnd: number; bStart: number; bEnd: number };

/** Both sides of a file as far as known: lines that are not have no text, so that the others keep their numbers. */
export type KnownSides = { before: string; after: string; parts: KnownPart[] };

/** A line of the file now: one of the base, by its number, or a new one. */
type Line = { base: number } | { text: string };
type Run = { base: number; count: number } | { lines: string[] };

/** More lines than a text of the largest size has. */
const MAX_LINE = 5_000_000;

/** Composes hunks by the line numbers that their headers state. */
export class KnownLines {
  private readonly base = new Map<number, string>();
  /** Behind the last line of the base that is known. */
  private end = 0;
  private runs: Run[];
  private baseEndsBare = false;
  private endsBare: boolean | undefined;

  /** `isNew`: there is no file yet, so nothing of it is unknown. */
  constructor({ isNew = false } = {}) {
    this.runs = isNew ? [] : [{ base: 0, count: Number.POSITIVE_INFINITY }];
  }

  /**
   * Applies the hunks of one diff of the file as it is now. Throws PatchRefused for hunks without line numbers, and for
   * those that show other lines than earlier hunks did.
   */
  apply(hunks: readonly UnifiedHunk[]): void {
    // From the last to the first, so that none moves the lines of another.
    for (const hunk of [...hunks].reverse()) this.applyHunk(hunk);
  }

  /** Returns both sides, of which lines in `parts` are known. */
  sides(): KnownSides {
    const before: string[] = [];
    const after: string[] = [];
    const parts: KnownPart[] = [];
    let part: KnownPart | undefined;
    const { end } = this;
    const reach = (number: number) => {
      while (before.length < number) before.push(this.base.get(before.length) ?? "");
    };
    const extend = (isKnown: boolean) => {
      if (!isKnown) {
        part = undefined;
        return;
      }
      if (!part) {
        part = { aStart: before.length, aEnd: before.length, bStart: after.length, bEnd: after.length };
        parts.push(part);
      }
    };
    const close = () => {
      if (part) [part.aEnd, part.bEnd] = [before.length, after.length];
    };
    for (const line of this.linesTo(end)) {
      if ("text" in line) {
        extend(true);
        after.push(line.text);
      } else {
        if (line.base > before.length) {
          extend(true);
          reach(line.base);
          close();
        }
        const text = this.base.get(line.base);
        extend(text !== undefined);
        before.push(text ?? "");
        after.push(text ?? "");
      }
      close();
    }
    if (before.length < end) {
      extend(true);
      reach(end);
      close();
    }
    return {
      before: toText(before, this.baseEndsBare),
      after: toText(after, this.endsBare ?? this.baseEndsBare),
      parts,
    };
  }

  private applyHunk(hunk: UnifiedHunk): void {
    if (hunk.stated === undefined) {
      throw new PatchRefused("A hunk has no line numbers. Give the files that the diff was made of, too.");
    }
    const old = hunk.lines.filter(({ kind }) => kind !== "added").length;
    const from = Math.max(0, hunk.stated - (old === 0 ? 0 : 1));
    if (from + old > MAX_LINE) throw new PatchRefused(`A hunk is said to stand at line ${hunk.stated}.`);
    const start = this.split(from);
    const end = this.split(from + old);
    const now = this.runs.slice(start, end).flatMap(toLines);
    if (now.length < old) throw new PatchRefused("A hunk stands behind the end of its file.");
    this.runs.splice(start, end - start, ...toRuns(this.rewrite(hunk.lines, now)));
    if (hunk.oldEndsWithoutNewline && this.endsBare === undefined) this.baseEndsBare = true;
    if (hunk.oldEndsWithoutNewline || hunk.newEndsWithoutNewline) this.endsBare = hunk.newEndsWithoutNewline;
  }

  private rewrite(lines: readonly HunkLine[], now: readonly Line[]): Line[] {
    let at = 0;
    return lines.flatMap(({ kind, text }): Line[] => {
      if (kind === "added") return [{ text }];
      const line = now[at++] as Line;
      this.learn(line, text);
      return kind === "context" ? [line] : [];
    });
  }

  private learn(line: Line, text: string): void {
    const known = "text" in line ? line.text : this.base.get(line.base);
    if (known !== undefined && known !== text) {
      throw new PatchRefused("The diff shows different text for the same line of a file.");
    }
    if ("text" in line) return;
    this.base.set(line.base, text);
    this.end = Math.max(this.end, line.base + 1);
  }

  /** Makes a run begin at line `at` of the file now; returns its index. */
  private split(at: number): number {
    let passed = 0;
    for (const [index, run] of this.runs.entries()) {
      const length = "lines" in run ? run.lines.length : run.count;
      if (passed === at) return index;
      if (at < passed + length) {
        const cut = at - passed;
        const halves: Run[] =
          "lines" in run
            ? [{ lines: run.lines.slice(0, cut) }, { lines: run.lines.slice(cut) }]
            : [
                { base: run.base, count: cut },
                { base: run.base + cut, count: run.count - cut },
              ];
        this.runs.splice(index, 1, ...halves);
        return index + 1;
      }
      passed += length;
    }
    return this.runs.length;
  }

  private linesTo(end: number): Line[] {
    return this.runs.flatMap((run) => {
      if ("lines" in run) return toLines(run);
      return toLines({ base: run.base, count: Math.max(0, Math.min(run.base + run.count, end) - run.base) });
    });
  }
}

const toLines = (run: Run): Line[] =>
  "lines" in run
    ? run.lines.map((text) => ({ text }))
    : Array.from({ length: run.count }, (_, at) => ({ base: run.base + at }));

function toRuns(lines: readonly Line[]): Run[] {
  const runs: Run[] = [];
  for (const line of lines) {
    const last = runs.at(-1);
    if ("text" in line) {
      if (last && "lines" in last) last.lines.push(line.text);
      else runs.push({ lines: [line.text] });
    } else if (last && "count" in last && last.base + last.count === line.base) last.count += 1;
    else runs.push({ base: line.base, count: 1 });
  }
  return runs;
}

const toText = (lines: readonly string[], endsBare: boolean): string =>
  lines.length === 0 ? "" : `${lines.join("\n")}${endsBare ? "" : "\n"}`;
