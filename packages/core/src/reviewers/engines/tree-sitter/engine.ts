/** Applies rules to the trees of tree-sitter's grammars, and gives the structure of their languages. */
import type { Query } from "web-tree-sitter";
import type { Engine, EngineResult } from "../engine";
import type { Grammar } from "./grammar";
import { grammarLanguages } from "./grammar-languages";
import { treeSitterInfo } from "./info";
import type { GrammarLanguage } from "./language";
import { TreeSitterOutline } from "./outline";
import type { RuleSet } from "./rule-set";
import { findUnpaired, firstUnknown } from "./syntax-errors";

type Reader = { language: GrammarLanguage; grammar: Grammar; outline: Query; rules: RuleSet };

export function createTreeSitter(): Engine {
  const readers = new Map<string, Reader>();
  const loading = new Map<string, Promise<Reader>>();
  const reader = (id: string): Reader => {
    const found = readers.get(id);
    if (!found) throw new Error(`The grammar of ${id} was not prepared.`);
    return found;
  };
  return {
    ...treeSitterInfo,
    async prepare(id) {
      const language = grammarLanguages.find((each) => each.id === id);
      if (!language) return;
      const known = loading.get(id) ?? load(language);
      loading.set(id, known);
      readers.set(id, await known);
    },
    check: ({ path, text, language }) => check(reader(language), path, text),
    outline(text, language) {
      const known = readers.get(language);
      return known && new TreeSitterOutline(known.grammar, known.outline, text);
    },
  };
}

async function load(language: GrammarLanguage): Promise<Reader> {
  const [{ Grammar }, { RuleSet }] = await Promise.all([import("./grammar"), import("./rule-set")]);
  const grammar = await Grammar.load(language.wasm);
  const rules = new RuleSet(grammar, `redline/${language.id}`, language.rules);
  return { language, grammar, outline: grammar.query(language.outline), rules };
}

function check({ language, grammar, rules }: Reader, path: string, text: string): EngineResult {
  const tree = grammar.parse(text);
  const findings = rules.find(tree.rootNode, path);
  if (!language.brackets || !tree.rootNode.hasError) return { findings };
  const error = findUnpaired(text, language.brackets);
  if (error) return { findings, parseErrors: [error] };
  const unknown = language.refusesValid ? undefined : firstUnknown(tree.rootNode);
  if (!unknown) return { findings };
  const gap =
    unknown.endIndex > unknown.startIndex
      ? text.slice(text.lastIndexOf("\n", unknown.startIndex) + 1, unknown.endIndex + 80)
      : "";
  if (language.gaps?.test(gap)) return { findings };
  const start = Math.min(unknown.startIndex, Math.max(0, text.length - 1));
  const line = text.indexOf("\n", start);
  const end = Math.max(start + 1, Math.min(unknown.endIndex, line < 0 ? text.length : line));
  const title = "Redline's grammar doesn't know this: an error, or newer than the grammar";
  return { findings: [...findings, { rule: "redline/unknown-syntax", start, end, title }] };
}
