/** What ranges of a file are about. Runs in the worker only. */
import { plainPlaceOf } from "./identity";
import type { CodePlace, SourceFile } from "./schema";
import { Syntax, structureParser } from "./syntax";

export async function locate(
  { text, language }: SourceFile,
  ranges: readonly { start: number; end: number }[],
): Promise<CodePlace[]> {
  const bom = text.startsWith("\uFEFF") ? 1 : 0;
  const body = text.slice(bom);
  const parser = await structureParser(language);
  if (!parser) return ranges.map(({ start, end }) => plainPlaceOf(text, start, end));
  const syntax = new Syntax(parser.parse(body), body, language);
  return ranges.map(({ start, end }) => ({
    symbol: syntax.symbolAt(start - bom, end - bom),
    context: syntax.contextAt(start - bom, end - bom),
  }));
}
