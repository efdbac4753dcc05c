/** Selects how much of a file is sent to a model (limits.md, "model input"). */
import { AppError } from "../errors";
import { LIMITS } from "../limits";
import { splitLines } from "../text/index";
import type { ContextKind } from "./schema";

/** 1-based and inclusive. */
export type LineRange = { startLine: number; endLine: number };

/** The lines of a file that a model is shown, without their ends; `lines[0]` is line `startLine`. */
export type FileContext = LineRange & {
  kind: ContextKind;
  lines: string[];
  /** Lines of which only the beginning is shown. */
  cutLines: number;
};

/** Tokens that a text may have for one model, and how that model's tokens are counted: never fewer than it will count. */
export type Room = { tokens: number; tokensOf: (text: string) => number };

/** The most characters of one line in a local context: a minified line must not push out the others. */
export const MAX_LINE_CHARS = 4_000;
/** However small the room is, this much of a line is shown. */
const MIN_LINE_CHARS = 200;
/** Characters that are counted at once: a file of five megabytes is known to be too long after the first of them. */
const COUNTED_CHARS = 16_384;

/**
 * Returns the whole file while it is under 80,000 tokens and within the room, else the selection with as many of the 50
 * lines on either side as the room holds. Lines count as `splitLines` does; a selection past the end is moved to the last
 * line. Throws TOKEN_LIMIT_EXCEEDED, with what would fit, for a file that is too long without a selection, and for a
 * selection that is too long itself.
 */
export function contextOf(text: string, selection: LineRange | undefined, room: Room): FileContext {
  const all = splitLines(text).map(withoutEnd);
  const most = Math.min(room.tokens, LIMITS.model.fullFileTokens - 1);
  if (fits(all, { ...room, tokens: most })) {
    return { kind: "full", startLine: 1, endLine: all.length, lines: all, cutLines: 0 };
  }
  if (!selection) throw tooLong("The file", all, { startLine: 1, endLine: all.length }, { ...room, tokens: most });
  const range = aroundSelection(all, selection, { ...room, tokens: most });
  const shown = all.slice(range.startLine - 1, range.endLine);
  const lines = shown.map((line) => cut(line, most));
  return { kind: "local", ...range, lines, cutLines: lines.filter((line, index) => line !== shown[index]).length };
}

function fits(lines: readonly string[], room: Room): boolean {
  let tokens = 0;
  let text = "";
  const count = () => {
    tokens += room.tokensOf(text);
    text = "";
  };
  for (const [index, line] of lines.entries()) {
    text += `${index + 1} | `;
    for (let at = 0; at < line.length; at += COUNTED_CHARS) {
      text += line.slice(at, at + COUNTED_CHARS);
      if (text.length >= COUNTED_CHARS) count();
      if (tokens > room.tokens) return false;
    }
    text += "\n";
  }
  count();
  return tokens <= room.tokens;
}

function aroundSelection(all: readonly string[], selection: LineRange, room: Room): LineRange {
  const within = (line: number) => Math.min(Math.max(1, line), all.length);
  let startLine = within(selection.startLine);
  let endLine = Math.max(startLine, within(selection.endLine));
  const isFar = endLine - startLine > room.tokens;
  let tokens = isFar ? Number.POSITIVE_INFINITY : 0;
  const tokensOfLine = (line: number) => room.tokensOf(numbered([cut(all[line - 1] as string, room.tokens)], line));
  for (let line = startLine; line <= endLine && tokens <= room.tokens; line++) tokens += tokensOfLine(line);
  if (tokens > room.tokens) throw tooLong("The selection", all, { startLine, endLine }, room);
  for (let around = 0; around < LIMITS.model.localLines; around++) {
    for (const line of [startLine - 1, endLine + 1]) {
      if (line < 1 || line > all.length) continue;
      const more = tokensOfLine(line);
      if (tokens + more > room.tokens) continue;
      tokens += more;
      if (line < startLine) startLine = line;
      else endLine = line;
    }
  }
  return { startLine, endLine };
}

/** Says how long it is and how many lines from its beginning would fit. */
function tooLong(what: string, all: readonly string[], { startLine, endLine }: LineRange, room: Room): AppError {
  let tokens = 0;
  let fits = 0;
  for (let line = startLine; line <= endLine; line++) {
    tokens += room.tokensOf(numbered([cut(all[line - 1] as string, room.tokens)], line));
    if (tokens > room.tokens) break;
    fits += 1;
  }
  if (fits === 0) {
    const message =
      "The question, its conversation and Redline's own instructions are too long for the model: beside them there is no room for even one line of code. Ask more briefly or in a new thread, or use a model with a larger context. If its server has more by now, test it in the settings.";
    return new AppError("TOKEN_LIMIT_EXCEEDED", message);
  }
  const has = (endLine - startLine + 1).toLocaleString("en");
  const most = `About ${fits.toLocaleString("en")} of its ${has} ${has === "1" ? "line fits" : "lines fit"}.`;
  const advice =
    what === "The file" ? "Select the lines that matter and ask about those." : "Select a smaller block and ask again.";
  return new AppError("TOKEN_LIMIT_EXCEEDED", `${what} is too long for the model to read whole. ${most} ${advice}`);
}

const withoutEnd = (line: string): string => line.replace(/\r?\n$/, "");

const numbered = (lines: readonly string[], startLine: number): string =>
  lines.map((line, index) => `${startLine + index} | ${line}\n`).join("");

/** With little room, a line has less of it: about a third, were it all of what is shown. */
function cut(line: string, roomTokens: number): string {
  const most = Math.max(MIN_LINE_CHARS, Math.min(MAX_LINE_CHARS, roomTokens));
  if (line.length <= most) return line;
  // Not between the halves of a pair.
  const end = /[\ud800-\udbff]/.test(line.charAt(most - 1)) ? most - 1 : most;
  return `${line.slice(0, end)} … (${(line.length - end).toLocaleString("en")} more characters of this line are not shown)`;
}
