/** Names that stand twice in one scope because two versions of a file, each of which has them once, were merged. */
import type { SyntaxNode } from "@lezer/common";
import { type Declared, declaredIn, type RepeatKind } from "./declared";
import { lineAt, lineStarts } from "./positions";
import type { MergedFile } from "./schema";
import { highlightParser } from "./syntax";

/** More of them say nothing that these do not. */
const maxRepeats = 20;

type Occurrences = { first: Declared; at: number[] };

/** Sentences for a person: "`parse` is declared twice after the merge, lines 12 and 40". */
export async function repeatsOfMerge({ language, mine, theirs, text }: MergedFile): Promise<string[]> {
  // Comments are errors to the grammar of JSON, and it reads on behind them.
  const parser = await highlightParser(language === "jsonc" ? "json" : language);
  if (!parser) return [];
  const scopesOf = (side: string) => scopesIn(parser.parse(side).topNode, side, language);
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

/** What each scope of a text declares, by kind and name. */
function scopesIn(top: SyntaxNode, text: string, language: string): Map<string, Occurrences>[] {
  const scopes = new Map<number, Map<string, Occurrences>>();
  top.cursor().iterate((ref) => {
    for (const declared of declaredIn(ref, text, language)) {
      const key = `${groups[declared.kind]} ${declared.key ?? declared.name}`;
      const scope = scopes.get(declared.scope) ?? new Map<string, Occurrences>();
      scopes.set(declared.scope, scope);
      const known = scope.get(key);
      if (known) known.at.push(declared.at);
      else scope.set(key, { first: declared, at: [declared.at] });
    }
  });
  return [...scopes.values()];
}

/** What is imported and what is declared share their names. */
const groups: Record<RepeatKind, string> = {
  declared: "name",
  imported: "name",
  type: "type",
  exported: "export",
  member: "member",
  key: "key",
  rule: "rule",
};

function sentence({ kind, name }: Declared, lines: number[]): string {
  const times = lines.length === 2 ? "twice" : `${lines.length} times`;
  const where = `${lines.length > 1 ? "lines" : "line"} ${lines.slice(0, -1).join(", ")} and ${lines.at(-1)}`;
  const shown = name.length > 60 ? `${name.slice(0, 60)}…` : name;
  const what: Record<RepeatKind, string> = {
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
