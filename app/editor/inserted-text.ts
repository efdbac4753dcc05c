import type { CharRange } from "./changed-words";
import type { Span } from "./spans";

/** A run of inserted text of one token, within or without the changed words. */
export type InsertedPiece = { text: string; className: string };

/** Returns each line of an inserted text as pieces. Tokens and changed words are ranges of the text. */
export function insertedLines(
  text: string,
  tokens: readonly Span[],
  added: readonly CharRange[] = [],
): InsertedPiece[][] {
  let from = 0;
  return splitInsertedLines(text).map((line) => {
    const to = from + line.length;
    const pieces = piecesOfLine(text, { from, to }, tokens, added);
    from = to + 1;
    return pieces;
  });
}

export function splitInsertedLines(text: string): string[] {
  if (text === "") return [];
  return (text.endsWith("\n") ? text.slice(0, -1) : text).split("\n");
}

function piecesOfLine(
  text: string,
  { from, to }: CharRange,
  tokens: readonly Span[],
  added: readonly CharRange[],
): InsertedPiece[] {
  const cuts = new Set([from, to]);
  for (const range of [...tokens, ...added]) cuts.add(range.from).add(range.to);
  const points = [...cuts].filter((at) => at >= from && at <= to).sort((a, b) => a - b);
  return points.slice(0, -1).map((at, index) => {
    const isHere = (range: CharRange) => range.from <= at && range.to > at;
    const names = [tokens.find(isHere)?.className, added.some(isHere) ? "redline-added-text" : undefined];
    return { text: text.slice(at, points[index + 1]), className: names.filter(Boolean).join(" ") };
  });
}

/** A quoted string or a word. */
const TOKEN = /(["'`])(?:(?!\1).)*\1|[\p{L}\p{N}_$]+/gu;

/**
 * Returns a function that highlights inserted text like the same words in the text around it, for where no grammar is
 * loaded: strings are like its strings, and words that it doesn't have stay plain.
 */
export function highlighterByExample(text: string, spans: readonly Span[]): (inserted: string) => Span[] {
  let classes: Map<string, string> | undefined;
  return (inserted) => {
    classes ??= classesByWord(text, spans);
    const tokens: Span[] = [];
    for (const { 0: word, 1: quote, index: from } of inserted.matchAll(TOKEN)) {
      const className = classes.get(quote ?? word);
      if (className) tokens.push({ from, to: from + word.length, className });
    }
    return tokens;
  };
}

function classesByWord(text: string, spans: readonly Span[]): Map<string, string> {
  const classes = new Map<string, string>();
  for (const { from, to, className } of spans) {
    const word = text.slice(from, to);
    const isQuoted = to > from + 1 && /["'`]/.test(word.charAt(0)) && word.endsWith(word.charAt(0));
    const key = isQuoted ? word.charAt(0) : word;
    if (!classes.has(key)) classes.set(key, className);
  }
  return classes;
}
