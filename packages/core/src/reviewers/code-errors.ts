/** Errors that keep code from running, as evidence and as findings. */
import { isEcmaScript } from "./biome-languages";
import type { EngineResult, ParseError, RawFinding } from "./finding";
import { lineAt, lineStarts } from "./positions";
import { brokenRegularExpressions } from "./regular-expressions";
import type { Syntax } from "./syntax";

/** An error in words, and its line. */
export type PlacedError = { message: string; line: number };

/** Errors with the line that they are in. */
export function placed(errors: readonly ParseError[], text: string): PlacedError[] {
  const starts = errors.length > 0 ? lineStarts(text) : Uint32Array.of(0);
  return errors.map(({ message, start }) => ({ message, line: lineAt(starts, Math.min(start, text.length)) }));
}

/** What an engine of the language would refuse, in the order of the file. */
export function earlyErrorsOf({ earlyErrors = [] }: EngineResult, syntax: Syntax | undefined): ParseError[] {
  const hasRegExps = syntax !== undefined && isEcmaScript(syntax.language);
  return [...earlyErrors, ...(hasRegExps ? brokenRegularExpressions(syntax) : [])].sort((a, b) => a.start - b.start);
}

export function earlyFinding({ message, start, end }: ParseError): RawFinding {
  return { rule: "redline/early-error", start, end, title: message };
}

/** One finding for a file that doesn't parse: later errors are mostly echoes of the first. */
export function parseFinding([first]: readonly ParseError[], text: string): RawFinding[] {
  if (!first) return [];
  const start = Math.min(first.start, Math.max(0, text.length - 1));
  const end = Math.max(first.end, Math.min(start + 1, text.length));
  return [{ rule: "redline/parse-error", start, end, title: `Does not parse: ${first.message}` }];
}
