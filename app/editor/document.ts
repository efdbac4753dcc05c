import { diffLines, splitLines, type TextEdit } from "@redline/core/text/index";

const BOM = "\uFEFF";

/**
 * A stored text as shown in the page and the editor: `\n` line ends, no byte order mark. Restores the original bytes,
 * and translates offsets (UTF-16) from the stored text to the document.
 */
export class Document {
  readonly text: string;
  readonly stored: string;
  readonly #shift: number;
  /** Offsets in `stored` of the carriage returns that the document leaves out, in order. */
  readonly #returns: readonly number[];

  constructor(stored: string) {
    this.stored = stored;
    this.#shift = stored.startsWith(BOM) ? 1 : 0;
    this.#returns = carriageReturns(stored);
    this.text = this.#returns.length === 0 && this.#shift === 0 ? stored : toDocument(stored);
  }

  /** Returns the document offset of a stored offset. */
  offset(stored: number): number {
    return Math.max(0, stored - this.#shift) - countBelow(this.#returns, stored);
  }

  edit(edit: TextEdit): TextEdit {
    return { start: this.offset(edit.start), end: this.offset(edit.end), text: toLines(edit.text) };
  }

  /**
   * Returns the stored form of an edited text: unchanged lines keep their line ends, new lines take the most common
   * one.
   */
  restore(text: string): string {
    if (text === this.text) return this.stored;
    const mark = this.#shift ? BOM : "";
    if (this.#returns.length === 0) return mark + text;
    const before = splitLines(this.stored.slice(this.#shift));
    const crlfLines = before.filter((line) => line.endsWith("\r\n")).length;
    const lfLines = before.filter((line) => line.endsWith("\n")).length - crlfLines;
    if (lfLines === 0) return mark + text.replaceAll("\n", "\r\n");
    const usual = crlfLines >= lfLines ? "\r\n" : "\n";
    const lines = splitLines(text).map((line) => (line.endsWith("\n") ? line.slice(0, -1) + usual : line));
    let a = 0;
    let b = 0;
    for (const hunk of [...diffLines(this.text, text), { aStart: before.length, aEnd: 0, bStart: 0, bEnd: 0 }]) {
      for (; a < hunk.aStart; a++, b++) lines[b] = before[a] ?? lines[b] ?? "";
      a = hunk.aEnd;
      b = hunk.bEnd;
    }
    return mark + lines.join("");
  }
}

const toLines = (text: string): string => (text.includes("\r\n") ? text.replaceAll("\r\n", "\n") : text);
const toDocument = (stored: string): string => toLines(stored.startsWith(BOM) ? stored.slice(1) : stored);

function carriageReturns(text: string): number[] {
  const found: number[] = [];
  for (let at = text.indexOf("\r\n"); at !== -1; at = text.indexOf("\r\n", at + 2)) found.push(at);
  return found;
}

function countBelow(sorted: readonly number[], limit: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Returns the start offset of each line; the last entry is where the next line would start. */
export function lineStartsOf(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return starts;
}

/** The 1-based line that holds an offset. */
export function lineAt(starts: readonly number[], offset: number): number {
  return countBelow(starts, offset + 1) || 1;
}
