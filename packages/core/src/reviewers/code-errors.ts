/** Turns errors that keep code from running into evidence and findings. */
import type { ParseError, RawFinding } from "./engines/engine";
import { lineAt, lineStarts } from "./positions";

/** An error in words, and its line. */
export type PlacedError = { message: string; line: number };

/** Returns errors with the lines that they are in. */
export function placeErrors(errors: readonly ParseError[], text: string): PlacedError[] {
  const starts = errors.length > 0 ? lineStarts(text) : Uint32Array.of(0);
  return errors.map(({ message, start }) => ({ message, line: lineAt(starts, Math.min(start, text.length)) }));
}

export function reportEarlyError({ message, start, end }: ParseError): RawFinding {
  return { rule: "redline/early-error", start, end, title: message };
}

/** Returns one finding for a file that doesn't parse: later errors are mostly echoes of the first. */
export function reportParseError([first]: readonly ParseError[], text: string): RawFinding[] {
  if (!first) return [];
  const start = Math.min(first.start, Math.max(0, text.length - 1));
  const end = Math.max(first.end, Math.min(start + 1, text.length));
  return [{ rule: "redline/parse-error", start, end, title: `Does not parse: ${first.message}` }];
}

export function reportDialect({ dialect, start, end }: ParseError & { dialect?: string }): RawFinding[] {
  const title = `Written in ${dialect}, which is not read here`;
  return dialect ? [{ rule: "redline/other-dialect", start, end, title }] : [];
}
