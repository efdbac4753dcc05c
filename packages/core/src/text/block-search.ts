import { type LineMap, MIN_TELLING_LENGTH } from "./line-map";

/** A block as an anchor remembers it: its text, and the nearest lines with text around it. */
export type RememberedBlock = { quote: string; before: string; after: string };

/** 1-based, inclusive. `inContext` tells that it stands between the lines it stood between. */
export type FoundBlock = { startLine: number; endLine: number; inContext: boolean };

/** A block is recognised anywhere by this many lines with something to tell. One line is too little: lines repeat. */
const TELLING_LINES = 2;
const MAX_CANDIDATES = 200;
const MAX_CONTEXT_LENGTH = 200;

/** Finds blocks that are new in a text: moved there, or back again. Indentation may differ. */
export class BlockSearch {
  private index: Map<string, number[]> | undefined;

  constructor(
    private readonly lines: readonly string[],
    private readonly map: LineMap,
  ) {}

  /**
   * Returns the location of the block when it is the only one in the text and its lines are new there; undefined
   * otherwise, and for a block with too little text to recognize.
   */
  find(block: RememberedBlock): FoundBlock | undefined {
    const quoted = block.quote.split("\n").map((line) => line.trim());
    const telling = quoted.filter((line) => line.length >= MIN_TELLING_LENGTH).length;
    const places = this.placesOf(quoted);
    const [start] = places;
    if (start === undefined || places.length > 1 || telling < TELLING_LINES) return undefined;
    const end = start + quoted.length;
    if (!this.map.isNew(start, end)) return undefined;
    const inContext =
      nearestText(this.lines, start - 1, -1) === block.before && nearestText(this.lines, end, 1) === block.after;
    return { startLine: start + 1, endLine: end, inContext };
  }

  private placesOf(quoted: readonly string[]): number[] {
    const candidates = this.linesLike(quoted[0] ?? "");
    if (candidates.length > MAX_CANDIDATES) return [];
    return candidates.filter((start) => quoted.every((line, at) => this.lines[start + at]?.trim() === line));
  }

  private linesLike(line: string): readonly number[] {
    if (!this.index) {
      this.index = new Map();
      for (const [at, text] of this.lines.entries()) {
        const key = text.trim();
        const list = this.index.get(key);
        if (!list) this.index.set(key, [at]);
        else if (list.length <= MAX_CANDIDATES) list.push(at);
      }
    }
    return this.index.get(line) ?? [];
  }
}

/** Returns the first non-blank line from `from` on, upwards or downwards, trimmed; "" when there is none. */
export function nearestText(lines: readonly string[], from: number, step: 1 | -1): string {
  for (let at = from; at >= 0 && at < lines.length; at += step) {
    const text = (lines[at] as string).trim();
    if (text !== "") return text.slice(0, MAX_CONTEXT_LENGTH);
  }
  return "";
}
