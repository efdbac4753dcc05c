import { diffLines } from "@redline/core/text/index";

/** A range of characters, half-open. */
export type CharRange = { from: number; to: number };

const MAX_CHARS = 20_000;
/** Below this share of kept words two blocks are unrelated, and marks would be noise. */
const KEPT_AT_LEAST = 0.3;

/** Returns the changed words of two blocks as ranges; null when the blocks are too large or too different. */
export function changedWords(before: string, after: string): { before: CharRange[]; after: CharRange[] } | null {
  if (before === "" || after === "" || before.length + after.length > MAX_CHARS) return null;
  const a = splitWords(before);
  const b = splitWords(after);
  const hunks = diffLines(asLines(a), asLines(b));
  const gone = hunks.flatMap((hunk) => a.slice(hunk.aStart, hunk.aEnd));
  const kept = countLetters(a) - countLetters(gone);
  if (kept < KEPT_AT_LEAST * Math.max(countLetters(a), countLetters(b))) return null;
  const starts = { a: wordStarts(a), b: wordStarts(b) };
  const range = (of: number[], from: number, to: number): CharRange => ({ from: of[from] ?? 0, to: of[to] ?? 0 });
  return {
    before: hunks.filter((hunk) => hunk.aEnd > hunk.aStart).map((hunk) => range(starts.a, hunk.aStart, hunk.aEnd)),
    after: hunks.filter((hunk) => hunk.bEnd > hunk.bStart).map((hunk) => range(starts.b, hunk.bStart, hunk.bEnd)),
  };
}

/** Splits a text into words, runs of blanks, line ends and single symbols; joined they are the text. */
const splitWords = (text: string): string[] => text.match(/[\p{L}\p{N}_$]+|\n|[^\S\n]+|[^\p{L}\p{N}_$\s]/gu) ?? [];

/**
 * Puts one word on each line, so that the line diff compares words; a line end becomes a character that no word has.
 */
const asLines = (words: readonly string[]): string => words.map((word) => `${word === "\n" ? "\r" : word}\n`).join("");

const countLetters = (words: readonly string[]): number =>
  words.reduce((sum, word) => sum + (word.trim() === "" ? 0 : word.length), 0);

function wordStarts(words: readonly string[]): number[] {
  const starts = [0];
  let at = 0;
  for (const word of words) {
    at += word.length;
    starts.push(at);
  }
  return starts;
}
