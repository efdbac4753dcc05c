import { languageLabel, languages, RULES } from "@redline/core/reviewers/index";
import { type RuleDoc, severities } from "@redline/core/reviewers/schema";
import { fileRows } from "../compare/file-rows";
import { sideText } from "../compare/lines";
import type { Block } from "../compare/rows";

export type RuleFilter = { search: string; engine: string; language: string; severity: string };

/** A rule as its page shows it: its example is a redline from the bad code to the good. */
export type ShownRule = Omit<RuleDoc, "bad" | "good"> & { example: Block[] };

const EXAMPLE_ROWS = 100;
const examples = new Map<string, Block[]>();

function exampleOf({ id, bad, good }: RuleDoc): Block[] {
  const made = examples.get(id) ?? fileRows(sideText(bad, []), sideText(good, []), EXAMPLE_ROWS).blocks;
  examples.set(id, made);
  return made;
}

/** The rules that a filter lets through, worst first. */
export function findRules(filter: RuleFilter): ShownRule[] {
  const words = filter.search.toLowerCase().split(/\s+/).filter(Boolean);
  return RULES.filter((rule) => {
    const text = `${rule.id} ${rule.title} ${rule.why}`.toLowerCase();
    return (
      words.every((word) => text.includes(word)) &&
      (!filter.engine || rule.engine === filter.engine) &&
      (!filter.severity || rule.severity === filter.severity) &&
      (!filter.language || rule.languages.includes(filter.language) || rule.languages.includes("*"))
    );
  })
    .map(({ bad, good, ...rule }) => ({ ...rule, example: exampleOf({ ...rule, bad, good }) }))
    .sort((a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity) || a.id.localeCompare(b.id));
}

export const ruleCount = RULES.length;

/** The languages that some rule is written for. */
export function ruleLanguages(): { id: string; label: string }[] {
  const used = new Set(RULES.flatMap((rule) => rule.languages));
  return languages.filter(({ id }) => used.has(id)).map(({ id }) => ({ id, label: languageLabel(id) }));
}
