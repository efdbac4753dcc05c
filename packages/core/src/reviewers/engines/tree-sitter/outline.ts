/** The structure of a file in a tree of tree-sitter: symbols, functions, comments. */
import type { Node, Query } from "web-tree-sitter";
import { squeeze } from "../../languages/syntax-rules";
import { contextOf, type FunctionShape, type Outline } from "../../syntax";
import type { Grammar } from "./grammar";

type Range = { from: number; to: number };
type Named = Range & { name: string };

export class TreeSitterOutline implements Outline {
  private readonly symbols: Named[] = [];
  private readonly shapes: FunctionShape[] = [];
  private readonly commentRanges: Range[] = [];
  private readonly functionPlaces = new Set<string>();

  constructor(
    private readonly grammar: Grammar,
    query: Query,
    private readonly text: string,
  ) {
    const decisions: number[] = [];
    const functions: Range[] = [];
    for (const { captures } of query.matches(grammar.parse(text).rootNode)) {
      const [first] = captures;
      const named = captures.find(({ name }) => name === "name")?.node;
      if (!first) continue;
      const range = { from: first.node.startIndex, to: first.node.endIndex };
      if (first.name === "comment") this.commentRanges.push(range);
      else if (first.name === "decision") decisions.push(range.from);
      else {
        if (named) this.symbols.push({ ...range, name: named.text });
        if (first.name === "function") {
          functions.push(range);
          this.functionPlaces.add(`${range.from} ${range.to}`);
          this.shapes.push(this.headOf(range, named));
        }
      }
    }
    countDecisions(this.shapes, functions, decisions);
  }

  symbolAt(start: number, end: number): string {
    return this.symbols
      .filter(({ from, to }) => from <= start && end <= to)
      .map(({ name }) => name)
      .join(".");
  }

  contextAt(start: number, end: number): string {
    return contextOf(this.text, start, end, this.around(start, end));
  }

  comments(): Range[] {
    return this.commentRanges;
  }

  functions(): FunctionShape[] {
    return this.shapes;
  }

  /** The nodes around a range within its function, the innermost first. */
  private *around(start: number, end: number): Generator<Named> {
    const root = this.grammar.parse(this.text).rootNode;
    const isFunction = ({ startIndex, endIndex }: Node) => this.functionPlaces.has(`${startIndex} ${endIndex}`);
    for (let node = root.descendantForIndex(start, end); node && !isFunction(node); node = node.parent) {
      yield { from: node.startIndex, to: node.endIndex, name: statementName(node.type) };
    }
  }

  private headOf({ from, to }: Range, name: Node | undefined): FunctionShape {
    if (name) return { name: squeeze(name.text), start: name.startIndex, end: name.endIndex, complexity: 1 };
    const lineEnd = this.text.indexOf("\n", from);
    return { name: "", start: from, end: Math.min(to, lineEnd < 0 ? to : lineEnd, from + 40), complexity: 1 };
  }
}

/** `if_statement` as grammars of Lezer name it, which the contexts of findings know: `IfStatement`. */
const statementName = (type: string): string => type.replace(/(?:^|_)(\w)/g, (_, first: string) => first.toUpperCase());

/** Adds each decision to the innermost function around it. All are in the order of the text. */
function countDecisions(
  shapes: readonly FunctionShape[],
  functions: readonly Range[],
  decisions: readonly number[],
): void {
  const open: number[] = [];
  let next = 0;
  for (const at of decisions) {
    for (; next < functions.length && (functions[next]?.from ?? 0) <= at; next++) open.push(next);
    while (open.length > 0 && (functions[open.at(-1) ?? 0]?.to ?? 0) <= at) open.pop();
    const shape = shapes[open.at(-1) ?? -1];
    if (shape) shape.complexity++;
  }
}
