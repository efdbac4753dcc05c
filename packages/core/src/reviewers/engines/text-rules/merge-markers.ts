import { languageById } from "../../languages/registry";
import type { Syntax } from "../../syntax";
import type { RawFinding } from "../engine";

const marker = /^(<{7}|={7}|>{7})(?: ([^\r\n]*))?\r?$/gm;
/** What git writes behind a marker: a branch, a commit and its message, or where a stash came from. */
const label = /^(?:HEAD|[\w./@~^:-]+(?: \(.*\))?|(?:Updated upstream|Stashed changes)|[0-9a-f]{7,}.*)$/;

type Context = { language?: string; syntax?: Syntax | undefined };

/**
 * Conflicts that git left behind, and markers that were left over when somebody resolved one. Those in a document's
 * fences and in strings are examples.
 */
export function findMergeMarkers(text: string, { language = "text", syntax }: Context = {}): RawFinding[] {
  if (!/^(?:<{7}|>{7})/m.test(text)) return [];
  const fences = language === "markdown" ? rangesOf(text, /^ {0,3}(`{3,}|~{3,})[\s\S]*?^ {0,3}\1/gm) : [];
  const isExample = ({ index }: RegExpMatchArray) =>
    fences.some(([from, to]) => from <= (index ?? 0) && (index ?? 0) < to) || isInLiteral(index ?? 0, syntax);
  const markers = [...text.matchAll(marker)].filter((match) => !isExample(match));
  const found: RawFinding[] = [];
  const alone: RegExpMatchArray[] = [];
  let open: RegExpMatchArray | undefined;
  let divided = false;
  for (const match of markers) {
    if (match[1] === "<<<<<<<") {
      if (open) alone.push(open);
      open = match;
      divided = false;
    } else if (match[1] === "=======") divided = open !== undefined;
    else if (open && divided) {
      found.push(report(open, match, "A merge conflict was left in the file"));
      open = undefined;
    } else alone.push(match);
  }
  if (open) alone.push(open);
  if (languageById(language)?.isProse) return found;
  const left = alone.filter(([, , words = ""]) => label.test(words));
  return [...found, ...left.map((match) => report(match, match, "A merge marker was left in the file"))];
}

function report(first: RegExpMatchArray, last: RegExpMatchArray, title: string): RawFinding {
  const end = (last.index ?? 0) + last[0].replace(/\r$/, "").length;
  return { rule: "redline/merge-marker", start: first.index ?? 0, end, title };
}

const rangesOf = (text: string, pattern: RegExp): [number, number][] =>
  [...text.matchAll(pattern)].map((match) => [match.index, match.index + match[0].length]);

function isInLiteral(at: number, syntax: Syntax | undefined): boolean {
  for (let node = syntax?.nodeAt(at, at + 7); node; node = node.parent ?? undefined) {
    if (/^(?:String|TemplateString|FormatString|ContinuedString)$/.test(node.name)) return true;
  }
  return false;
}
