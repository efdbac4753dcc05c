/** Highlighting on the server, with the classes that the editor uses too. */
import { classHighlighter, highlightTree } from "@lezer/highlight";
import { LIMITS } from "../limits";
import { grammarParser } from "./grammars";
import { highlightClassSet } from "./schema";

/** Triples of from, to and a set of classes; empty past the limits or for a language without a grammar. */
export async function highlight(text: string, language: string): Promise<Uint32Array> {
  if (text.length > LIMITS.review.maxFileBytes || hasMoreLines(text, LIMITS.highlight.maxLines)) {
    return new Uint32Array(0);
  }
  const parser = await grammarParser(language);
  if (!parser) return new Uint32Array(0);
  const spans: number[] = [];
  highlightTree(parser.parse(text), classHighlighter, (from, to, classes) => {
    const set = highlightClassSet(classes);
    if (set) spans.push(from, to, set);
  });
  return Uint32Array.from(spans);
}

function hasMoreLines(text: string, limit: number): boolean {
  let at = -1;
  for (let lines = 0; lines < limit; lines++) {
    at = text.indexOf("\n", at + 1);
    if (at < 0) return false;
  }
  return at < text.length - 1;
}
