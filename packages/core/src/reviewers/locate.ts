/** Finds the symbol and the code that ranges of a file are about. Runs in the worker only. */
import { plainPlaceOf } from "./identity";
import type { CodePlace, SourceFile } from "./schema";
import { parseSyntax } from "./syntax";

export async function locate(
  { text, language }: SourceFile,
  ranges: readonly { start: number; end: number }[],
): Promise<CodePlace[]> {
  const bom = text.startsWith("\uFEFF") ? 1 : 0;
  const body = text.slice(bom);
  const syntax = await parseSyntax(body, language);
  if (!syntax) return ranges.map(({ start, end }) => plainPlaceOf(text, start, end));
  return ranges.map(({ start, end }) => ({
    symbol: syntax.symbolAt(start - bom, end - bom),
    context: syntax.contextAt(start - bom, end - bom),
  }));
}
