/** Names that stand twice in one scope because two versions of a file, each of which has them once, were merged. */
import type { SyntaxNode } from "@lezer/common";
import { grammarParser, namedParser } from "./grammars";
import { syntaxRules } from "./languages/syntax-registry";
import type { Declaration, DeclarationKind, DeclarationRules } from "./languages/syntax-rules";
import { lineAt, lineStarts } from "./positions";
import type { MergedFile } from "./schema";

/** More of them say nothing that these do not. */
const maxRepeats = 20;

type Occurrences = { first: Declaration; at: number[] };

/** Sentences for a person: "`parse` is declared twice after the merge, lines 12 and 40". */
export async function repeatsOfMerge({ language, mine, theirs, text }: MergedFile): Promise<string[]> {
  const rules = syntaxRules[language]?.declarations;
  if (!rules) return [];
  const parser = await (rules.grammar ? namedParser(rules.grammar) : grammarParser(language));
  if (!parser) return [];
  const scopesOf = (side: string) => collectScopes(parser.parse(side).topNode, side, rules);
  const most = new Map<string, number>();
  for (const scope of [mine, theirs].flatMap(scopesOf)) {
    for (const [key, { at }] of scope) most.set(key, Math.max(most.get(key) ?? 0, at.length));
  }
  const starts = lineStarts(text);
  const made = scopesOf(text).flatMap((scope) =>
    [...scope].filter(([key, { at }]) => at.length > 1 && at.length > (most.get(key) ?? 0)).map(([, found]) => found),
  );
  const declared = new Set(made.filter(({ first }) => first.kind !== "exported").map(({ first }) => first.name));
  return made
    .filter(({ first }) => first.kind !== "exported" || !declared.has(first.name))
    .sort((a, b) => (a.at[0] ?? 0) - (b.at[0] ?? 0))
    .slice(0, maxRepeats)
    .map(({ first, at }) =>
      sentence(
        first,
        at.map((offset) => lineAt(starts, offset)),
      ),
    );
}

/** The declarations of each scope of a text, by kind and name. */
function collectScopes(top: SyntaxNode, text: string, rules: DeclarationRules): Map<string, Occurrences>[] {
  const scopes = new Map<number, Map<string, Occurrences>>();
  const textOf = (node: SyntaxNode) => text.slice(node.from, node.to);
  top.cursor().iterate((ref) => {
    const find = rules.finders[ref.name];
    for (const declaration of find?.(ref.node, textOf) ?? []) {
      const start = scopeStart(declaration.within, rules.scopes);
      if (start === undefined || declaration.name === "") continue;
      const key = `${groups[declaration.kind]} ${declaration.key ?? declaration.name}`;
      const scope = scopes.get(start) ?? new Map<string, Occurrences>();
      scopes.set(start, scope);
      const known = scope.get(key);
      if (known) known.at.push(declaration.at);
      else scope.set(key, { first: declaration, at: [declaration.at] });
    }
  });
  return [...scopes.values()];
}

/** Returns the start of the scope around a node. */
function scopeStart(node: SyntaxNode, scopes: ReadonlySet<string>): number | undefined {
  for (let at = node.parent; at; at = at.parent) if (scopes.has(at.name)) return at.from;
  return undefined;
}

/** Groups of declarations that share their names, such as imports and values. */
const groups: Record<DeclarationKind, string> = {
  declared: "name",
  imported: "name",
  type: "type",
  exported: "export",
  member: "member",
  key: "key",
  rule: "rule",
};

function sentence({ kind, name }: Declaration, lines: number[]): string {
  const times = lines.length === 2 ? "twice" : `${lines.length} times`;
  const where = `${lines.length > 1 ? "lines" : "line"} ${lines.slice(0, -1).join(", ")} and ${lines.at(-1)}`;
  const shown = name.length > 60 ? `${name.slice(0, 60)}…` : name;
  const what: Record<DeclarationKind, string> = {
    declared: `\`${shown}\` is declared ${times}`,
    imported: `\`${shown}\` is imported ${times}`,
    type: `The type \`${shown}\` is declared ${times}`,
    exported: shown === "default" ? `There are ${lines.length} default exports` : `\`${shown}\` is exported ${times}`,
    member: `\`${shown}\` is declared ${times}`,
    key: `The key \`${shown}\` is there ${times}`,
    rule: `The rule \`${shown}\` is there ${times}`,
  };
  return `${what[kind]} after the merge, ${where}`;
}
