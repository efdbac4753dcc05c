/** Idioms of markup and hooks that rules mistake for slips. */
import type { SyntaxNode } from "@lezer/common";
import type { Syntax } from "../../syntax";

/** Returns whether an element stands in a form of the same file. */
export function isInForm(node: SyntaxNode | undefined, syntax: Syntax): boolean {
  for (let at = node?.parent; at; at = at.parent) {
    if (at.name === "JSXElement" && /^<[\w.]*form\b/i.test(syntax.text.slice(at.from, at.from + 40))) return true;
  }
  return false;
}

/** Returns whether the markup is written in the code itself, so that nobody else has a say in it. */
export function isStaticMarkup(node: SyntaxNode | undefined, syntax: Syntax): boolean {
  let attribute = node;
  while (attribute && attribute.name !== "JSXAttribute") attribute = attribute.parent ?? undefined;
  if (!attribute) return false;
  return /__html\s*:\s*(?:"[^"]*"|'[^']*'|`[^`$]*`)\s*,?\s*\}/.test(syntax.textOf(attribute));
}

/** Returns whether a missing dependency is named like a function that never changes. */
export const isSetter = (title: string): boolean =>
  /dependency on `(?:set[A-Z]\w*|dispatch\w*|navigate|router|history|t|i18n|toast|\w*(?:Ref|ref))`?(?:\.[\w.]+)?`?$/.test(
    title,
  );

/** Returns whether the function at a place has markup in it: names in capitals are not always components. */
export function returnsMarkup(start: number, syntax: Syntax): boolean {
  let node = syntax.nodeAt(start, start + 1);
  while (node && !/^(?:Arrow|Function|Method|VariableDeclaration)/.test(node.name)) node = node.parent ?? undefined;
  return node !== undefined && /<[A-Za-z][\w.]*[\s/>]|<>/.test(syntax.textOf(node));
}
