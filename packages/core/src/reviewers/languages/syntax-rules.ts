/** The meaning of a grammar's node names: a language states it once, and no other code names them. */
import type { SyntaxNode } from "@lezer/common";

export type TextOf = (node: SyntaxNode) => string;

/** A tree's structure: symbols, functions, comments. */
export type Structure = {
  functions: ReadonlySet<string>;
  /** Each adds a path through the function around it. */
  decisions: ReadonlySet<string>;
  /** Returns true for a node named like a decision that repeats the one before it, or is none where it stands. */
  repeatsDecision?: (name: string, firstChar: string, parent: string | undefined) => boolean;
  comments: ReadonlySet<string>;
  /** Declarations of variables and parameters. */
  variables: ReadonlySet<string>;
  /** Returns the name of what a node defines, if it is a symbol: a function, a class, a key. */
  symbolName: (node: SyntaxNode, textOf: TextOf) => string | undefined;
  /** Returns the node that names a function; null for one without a name. */
  functionName: (node: SyntaxNode) => SyntaxNode | null;
};

export type DeclarationKind = "declared" | "imported" | "type" | "exported" | "member" | "key" | "rule";

/** `key` tells apart what may share a name, as a getter and a setter do; `within` is a node in the scope. */
export type Declaration = { kind: DeclarationKind; name: string; key?: string; at: number; within: SyntaxNode };

/** Names that a scope should declare once. */
export type DeclarationRules = {
  scopes: ReadonlySet<string>;
  /** By the name of the node that declares. */
  finders: Readonly<Record<string, DeclarationFinder>>;
  /** The grammar to read declarations with, where it is not the one for highlighting. */
  grammar?: string;
};

export type DeclarationFinder = (node: SyntaxNode, textOf: TextOf) => Declaration[];

export type SyntaxRules = { structure?: Structure; declarations?: DeclarationRules };

export function childrenOf(node: SyntaxNode): SyntaxNode[] {
  const children: SyntaxNode[] = [];
  for (let child = node.firstChild; child; child = child.nextSibling) children.push(child);
  return children;
}

export function declareName(
  kind: DeclarationKind,
  within: SyntaxNode,
  name: SyntaxNode | null,
  textOf: TextOf,
): Declaration[] {
  return name ? [{ kind, name: textOf(name), at: name.from, within }] : [];
}

/** The declaration of a key in an object, without the quotes that it may be written in. */
export function declareKey(within: SyntaxNode, name: SyntaxNode, textOf: TextOf): Declaration {
  return { kind: "key", name: unquote(textOf(name)), at: name.from, within };
}

export const unquote = (name: string): string => name.replace(/^(["'])(.*)\1$/s, "$2");

/** Returns the text without white space. */
export const squeeze = (text: string): string => text.replace(/\s+/g, "");
