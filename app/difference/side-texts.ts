import { type CharRange, changedWords } from "../editor/changed-words";
import type { Lines } from "../editor/code-html";
import { lineStartsOf } from "../editor/document";

type ChangedRanges = { before: CharRange[]; after: CharRange[] };

/** The texts of both sides by line. */
export class SideTexts {
  private readonly starts: { before: readonly number[]; after: readonly number[] };

  constructor(
    private readonly before: string,
    private readonly after: string,
  ) {
    this.starts = { before: lineStartsOf(before), after: lineStartsOf(after) };
  }

  /** Returns the words that a hunk changed, as offsets of each side. */
  changedWords(aLines: Lines | null, bLines: Lines | null): ChangedRanges {
    if (!aLines || !bLines) return { before: [], after: [] };
    const words = changedWords(this.textOf("before", aLines), this.textOf("after", bLines));
    if (!words) return { before: [], after: [] };
    const shift = (ranges: CharRange[], by: number) => ranges.map(({ from, to }) => ({ from: from + by, to: to + by }));
    return {
      before: shift(words.before, this.starts.before[aLines.first - 1] ?? 0),
      after: shift(words.after, this.starts.after[bLines.first - 1] ?? 0),
    };
  }

  /** Returns a short name for a hunk, by its text: another hunk has it only by chance. */
  keyOf(aLines: Lines | null, bLines: Lines | null): string {
    return hashOf(`${this.textOf("before", aLines)}\0${this.textOf("after", bLines)}`);
  }

  private textOf(side: "before" | "after", lines: Lines | null): string {
    if (!lines) return "";
    const starts = this.starts[side];
    return this[side].slice(starts[lines.first - 1] ?? 0, starts[lines.last]);
  }
}

function hashOf(text: string): string {
  let [one, two] = [0x811c9dc5, 0x1505];
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    one = Math.imul(one ^ code, 0x01000193);
    two = (Math.imul(two, 33) + code) | 0;
  }
  return `${(one >>> 0).toString(36)}${(two >>> 0).toString(36)}`;
}
