/** The rules of a language as one query. Runs in the worker only. */
import type { Node, Query, QueryMatch } from "web-tree-sitter";
import type { RawFinding } from "../engine";
import type { Grammar } from "./grammar";
import type { QueryRule } from "./language";

export class RuleSet {
  private readonly query: Query;
  /** The rule of each pattern, by the pattern's index. */
  private readonly rules: QueryRule[] = [];

  constructor(
    grammar: Grammar,
    private readonly prefix: string,
    rules: readonly QueryRule[],
  ) {
    this.query = grammar.query(rules.map(({ query }) => query).join("\n"));
    let end = 0;
    const ends = rules.map(({ query }) => {
      end += Buffer.byteLength(query) + 1;
      return end;
    });
    for (let pattern = 0; pattern < this.query.patternCount(); pattern++) {
      const at = this.query.startIndexForPattern(pattern);
      const rule = rules[ends.findIndex((each) => at < each)];
      if (rule) this.rules.push(rule);
    }
  }

  /** Returns what the rules find outside of places that the grammar can't read. */
  find(root: Node, path: string): RawFinding[] {
    const findings: RawFinding[] = [];
    for (const match of this.query.matches(root)) {
      const rule = this.rules[match.patternIndex];
      const node = rule && placeOf(rule, match, path);
      if (!rule || !node || node.hasError || isUnread(node)) continue;
      const end = endOfLine(node);
      findings.push({ rule: `${this.prefix}/${rule.id}`, start: node.startIndex, end, title: rule.title });
    }
    return findings;
  }
}

function placeOf({ when }: QueryRule, { captures }: QueryMatch, path: string): Node | undefined {
  const nodes = Object.fromEntries(captures.map(({ name, node }) => [name, node]));
  if (!when) return nodes.at;
  const found = when({ nodes, path });
  return found === true ? nodes.at : found || undefined;
}

const isUnread = (node: Node): boolean => {
  for (let at: Node | null = node; at; at = at.parent) if (at.isError) return true;
  return false;
};

/** A finding marks the first line of a statement, not its whole block. */
function endOfLine({ text, startIndex, endIndex }: Node): number {
  const line = text.indexOf("\n");
  return line > 0 ? startIndex + text.slice(0, line).trimEnd().length : Math.max(endIndex, startIndex + 1);
}
