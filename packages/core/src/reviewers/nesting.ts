/** Measures how deeply a text nests, by brackets and JSX elements: the depth to which a recursive parser has to go. */
import { LIMITS } from "../limits";
import { languageById } from "./languages/registry";

const OPENING = new Set(["(", "[", "{"]);
const CLOSING = new Set([")", "]", "}"]);
/** An element's or a fragment's beginning, and where the name in it begins. */
const TAG = /<(\/?)([\w$.:-]*)/y;

/**
 * Returns whether more brackets and JSX elements are open at once than the engines are given. One pass, without a parser:
 * brackets in strings and comments count too. What stands right after a name is taken for a type's arguments, not for an
 * element; the deadline is there for what is missed.
 */
export function nestsTooDeeply({ text, language }: { text: string; language: string }): boolean {
  const { isProse, hasElements } = languageById(language) ?? {};
  if (isProse) return false;
  const elements: string[] = [];
  let brackets = 0;
  for (let at = 0; at < text.length; at++) {
    const char = text[at] as string;
    if (OPENING.has(char)) brackets++;
    else if (CLOSING.has(char)) brackets = Math.max(0, brackets - 1);
    else if (hasElements && char === "<") countTag(elements, text, at);
    else if (hasElements && char === "/" && text[at + 1] === ">") elements.pop();
    if (brackets + elements.length > LIMITS.review.maxNesting) return true;
  }
  return false;
}

function countTag(open: string[], text: string, at: number): void {
  TAG.lastIndex = at;
  const [tag = "", slash, name = ""] = TAG.exec(text) ?? [];
  if (slash) {
    if (open.at(-1) === name) open.pop();
  } else if (/^[A-Za-z_$]/.test(name) || text[at + tag.length] === ">") {
    if (!/[\w$]/.test(text[at - 1] ?? "")) open.push(name);
  }
}
