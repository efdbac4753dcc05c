import { highlightCode as highlightTreeCode } from "@lezer/highlight";
import { languages } from "@redline/core/reviewers/schema";
import { codeHighlighter } from "../editor/code-highlighter";
import { loadGrammar } from "../editor/grammar";

/** A run of characters of one class; `from` is where it begins. */
export type HighlightedPart = { from: number; text: string; className: string };

/** Longer code isn't highlighted: it would block the page. */
const MAX_CHARS = 50_000;

/** Highlights code in the editor's classes; undefined when there is no grammar. `name` is a fence's, such as `ts`. */
export async function highlightCode(text: string, name: string): Promise<HighlightedPart[] | undefined> {
  if (text.length > MAX_CHARS) return undefined;
  const grammar = await loadGrammar(languageId(name));
  if (!grammar) return undefined;
  const parts: HighlightedPart[] = [];
  let from = 0;
  const put = (part: string, className: string) => {
    parts.push({ from, text: part, className });
    from += part.length;
  };
  highlightTreeCode(text, grammar.language.parser.parse(text), codeHighlighter, put, () => put("\n", ""));
  return parts;
}

function languageId(name: string): string {
  const wanted = name.toLowerCase();
  const known =
    languages.find((each) => each.id === wanted) ?? languages.find((each) => each.extensions.includes(wanted));
  return known?.id ?? wanted;
}
