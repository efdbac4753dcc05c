/** How much of a file a model is shown (limits.md, "model input"). */
import { AppError } from "../errors";
import { LIMITS } from "../limits";
import { splitLines } from "../text/index";
import { type ContextKind, contextKindOf, estimateTokens } from "./schema";

/** 1-based and inclusive. */
export type LineRange = { startLine: number; endLine: number };

/** The lines of a file that a model is shown, without their ends; `lines[0]` is line `startLine`. */
export type FileContext = LineRange & {
  kind: ContextKind;
  lines: string[];
  /** Lines of which only the beginning is shown. */
  cutLines: number;
};

/** Of a line in a local context no more than this is shown: one minified line must not push out the rest. */
export const MAX_LINE_CHARS = 4_000;
/** A line's number and what parts it from its text. */
const NUMBER_CHARS = 8;
/** Past this a file that is short in characters (half a million empty lines) is too long with its numbers. */
const MAX_NUMBERED_TOKENS = 90_000;

/**
 * The whole file while it is under 80,000 tokens, else the selection with up to 50 lines around it. Lines count as
 * `splitLines` does; a selection past the end is moved to the last line. Throws TOKEN_LIMIT_EXCEEDED for a file that is
 * too long without a selection, and for a selection that is too long itself.
 */
export function contextOf(text: string, selection?: LineRange): FileContext {
  const all = splitLines(text).map(withoutEnd);
  if (contextKindOf(text.length) === "full" && numberedTokens(all) < MAX_NUMBERED_TOKENS) {
    return { kind: "full", startLine: 1, endLine: all.length, lines: all, cutLines: 0 };
  }
  const tokens = estimateTokens(text).toLocaleString("en");
  if (!selection) {
    throw new AppError(
      "TOKEN_LIMIT_EXCEEDED",
      `The file is too long for a model to read whole (about ${tokens} tokens). Select the lines that matter and ask about those.`,
    );
  }
  const range = aroundSelection(all, selection);
  const shown = all.slice(range.startLine - 1, range.endLine);
  const lines = shown.map(cut);
  return { kind: "local", ...range, lines, cutLines: lines.filter((line, index) => line !== shown[index]).length };
}

function aroundSelection(all: readonly string[], selection: LineRange): LineRange {
  const within = (line: number) => Math.min(Math.max(1, line), all.length);
  let startLine = within(selection.startLine);
  let endLine = Math.max(startLine, within(selection.endLine));
  let chars = 0;
  const charsOf = (line: number) => cut(all[line - 1] as string).length + NUMBER_CHARS;
  for (let line = startLine; line <= endLine; line++) chars += charsOf(line);
  const maxChars = LIMITS.model.fullFileTokens * LIMITS.model.charsPerToken;
  if (chars > maxChars) {
    throw new AppError(
      "TOKEN_LIMIT_EXCEEDED",
      `The selection is too long for a model to read (about ${estimateTokens(chars).toLocaleString("en")} tokens). Select a smaller block and ask again.`,
    );
  }
  for (let around = 0; around < LIMITS.model.localLines; around++) {
    for (const line of [startLine - 1, endLine + 1]) {
      if (line < 1 || line > all.length || chars + charsOf(line) > maxChars) continue;
      chars += charsOf(line);
      if (line < startLine) startLine = line;
      else endLine = line;
    }
  }
  return { startLine, endLine };
}

const withoutEnd = (line: string): string => line.replace(/\r?\n$/, "");

const numberedTokens = (lines: readonly string[]): number =>
  estimateTokens(lines.reduce((chars, line) => chars + line.length + NUMBER_CHARS, 0));

function cut(line: string): string {
  if (line.length <= MAX_LINE_CHARS) return line;
  // Not between the halves of a pair.
  const end = /[\ud800-\udbff]/.test(line.charAt(MAX_LINE_CHARS - 1)) ? MAX_LINE_CHARS - 1 : MAX_LINE_CHARS;
  return `${line.slice(0, end)} … (${(line.length - end).toLocaleString("en")} more characters of this line are not shown)`;
}
