/** Syntax trees: what encloses a place, how complex functions are, what is comment. */
import type { SyntaxNode, Tree } from "@lezer/common";
import { grammarParser } from "./grammars";
import { syntaxRules } from "./languages/syntax-registry";
import { type Structure, squeeze } from "./languages/syntax-rules";

export type FunctionShape = { name: string; start: number; end: number; complexity: number };

/** Fewer characters than this say too little to recognise a place by; more change too often. */
const minContextChars = 12;
const maxContextChars = 60;
/** The most characters to read for that: white space can be most of it. */
const readContextChars = 20 * maxContextChars;
/** Kinds of syntax, in all our grammars, that stand for themselves. */
const wholeStatement = /(?:Statement|Declaration|Definition|RuleSet|Script|Body|Block)$/;

/** The structure of a file, whatever read it. */
export interface Outline {
  /** `Cart.total` for a place inside that method; "" at the top of the file. */
  symbolAt(start: number, end: number): string;
  /** The code that a range is about, see `contextOf`. */
  contextAt(start: number, end: number): string;
  /** Ranges of comments, in order. */
  comments(): readonly { from: number; to: number }[];
  /** Every function with its cyclomatic complexity; decisions inside a nested function are the nested one's. */
  functions(): readonly FunctionShape[];
}

/**
 * The code a finding is about without its white space: the smallest expression around it that says enough, so that two
 * findings on equal operators in different expressions differ and reformatting changes nothing. It stops at statements
 * and after some characters, so that an edit further on changes nothing either.
 *
 * @param around the nodes around the range within its function, the innermost first
 */
export function contextOf(
  text: string,
  start: number,
  end: number,
  around: Iterable<{ name: string; from: number; to: number }>,
): string {
  let best = squeeze(text.slice(start, Math.min(end, start + readContextChars)));
  for (const { name, from, to } of around) {
    if (best.length >= minContextChars) break;
    const wider = squeeze(text.slice(from, Math.min(to, from + readContextChars)));
    if (wider.length > best.length) best = wider;
    if (wholeStatement.test(name)) break;
  }
  return best.slice(0, maxContextChars);
}

export class Syntax implements Outline {
  private declared: Set<string> | undefined;

  constructor(
    readonly tree: Tree,
    readonly text: string,
    private readonly structure: Structure,
  ) {}

  symbolAt(start: number, end: number): string {
    const names: string[] = [];
    for (let node = this.nodeAt(start, end); node; node = (node.parent as SyntaxNode | null) ?? undefined) {
      const name = this.structure.symbolName(node, (child) => this.textOf(child));
      if (name) names.unshift(name);
    }
    return names.join(".");
  }

  contextAt(start: number, end: number): string {
    return contextOf(this.text, start, end, this.around(start, end));
  }

  private *around(start: number, end: number): Generator<{ name: string; from: number; to: number }> {
    let node = this.nodeAt(start, end);
    while (node && !this.structure.functions.has(node.name)) {
      yield node;
      node = node.parent ?? undefined;
    }
  }

  textOf(node: SyntaxNode): string {
    return this.text.slice(node.from, node.to);
  }

  /** Returns whether any variable or parameter of the file has this name. */
  declares(name: string): boolean {
    this.declared ??= this.declaredNames();
    return this.declared.has(name);
  }

  comments(): { from: number; to: number }[] {
    const { comments } = this.structure;
    const found: { from: number; to: number }[] = [];
    this.tree.iterate({
      enter: (node) => {
        if (comments.has(node.name)) found.push({ from: node.from, to: node.to });
      },
    });
    return found;
  }

  functions(): FunctionShape[] {
    const { functions, decisions, repeatsDecision } = this.structure;
    const open: FunctionShape[] = [];
    const all: FunctionShape[] = [];
    this.tree.iterate({
      enter: (node) => {
        if (functions.has(node.name)) {
          const shape = { ...this.headOf(node.node), complexity: 1 };
          open.push(shape);
          all.push(shape);
        } else if (decisions.has(node.name)) {
          const innermost = open.at(-1);
          const repeats = repeatsDecision?.(node.name, this.text[node.from] ?? "", node.node.parent?.name);
          if (innermost && !repeats) innermost.complexity++;
        }
      },
      leave: (node) => {
        if (functions.has(node.name)) open.pop();
      },
    });
    return all;
  }

  private declaredNames(): Set<string> {
    const { variables } = this.structure;
    const names = new Set<string>();
    this.tree.iterate({
      enter: (node) => {
        if (variables.has(node.name)) names.add(this.text.slice(node.from, node.to));
      },
    });
    return names;
  }

  /** The innermost node around a range. */
  nodeAt(start: number, end: number): SyntaxNode | undefined {
    let node: SyntaxNode | null = this.tree.resolveInner(start, 1);
    while (node && node.to < end) node = node.parent;
    return node ?? undefined;
  }

  /** A function's name and the range to mark for it: its name where it has one, else its first characters. */
  private headOf(node: SyntaxNode): { name: string; start: number; end: number } {
    const name = this.structure.functionName(node);
    if (name) return { name: this.text.slice(name.from, name.to), start: name.from, end: name.to };
    const lineEnd = this.text.indexOf("\n", node.from);
    const end = Math.min(node.to, lineEnd < 0 ? node.to : lineEnd, node.from + 40);
    return { name: "", start: node.from, end: Math.max(end, node.from + 1) };
  }
}

/** Loads what `parseSyntax` needs for a language. */
export async function loadSyntax(language: string): Promise<void> {
  if (syntaxRules[language]?.structure) await grammarParser(language);
}

/**
 * Returns the tree of a text, or undefined for a language whose structure Redline does not know. A text that does not
 * parse has a tree too.
 */
export async function parseSyntax(text: string, language: string): Promise<Syntax | undefined> {
  const structure = syntaxRules[language]?.structure;
  const parser = structure && (await grammarParser(language));
  return parser && new Syntax(parser.parse(text), text, structure);
}
