import { languageLabel, languages, RULE_VENDORS, RULES } from "@redline/core/reviewers/index";
import { type RuleDoc, severities } from "@redline/core/reviewers/schema";
import { buildFileRows } from "../compare/file-rows";
import { splitSide } from "../compare/lines";
import type { Block } from "../compare/rows";

/** `q` is matched against id, title and explanation. */
export type RuleFilter = { q: string; engine: string; language: string; severity: string };

/** A rule as its page shows it: its example is a redline from the bad code to the good. */
export type ShownRule = Omit<RuleDoc, "bad" | "good"> & { engine: string; example: Block[] };

const EXAMPLE_ROWS = 100;
const examples = new Map<string, Block[]>();

function buildExample({ id, bad, good }: RuleDoc): Block[] {
  const made = examples.get(id) ?? buildFileRows(splitSide(bad, []), splitSide(good, []), EXAMPLE_ROWS).blocks;
  examples.set(id, made);
  return made;
}

const PAGE_SIZE = 40;

/** Returns one page (1-based) of the matching rules, worst first, and their total. */
export function findRules(filter: RuleFilter, page: number): { rules: ShownRule[]; found: number; pages: number } {
  const found = filterRules(filter).sort(
    (a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity) || a.id.localeCompare(b.id),
  );
  const rules = found.slice((page - 1) * PAGE_SIZE, page * PAGE_SIZE).map(({ bad, good, ...rule }) => ({
    ...rule,
    engine: findVendor(rule)?.label ?? "",
    example: buildExample({ ...rule, bad, good }),
  }));
  return { rules, found: found.length, pages: Math.ceil(found.length / PAGE_SIZE) };
}

function filterRules(filter: RuleFilter): RuleDoc[] {
  const words = filter.q.toLowerCase().split(/\s+/).filter(Boolean);
  return RULES.filter((rule) => {
    const text = `${rule.id} ${rule.title} ${rule.why}`.toLowerCase();
    return (
      words.every((word) => text.includes(word)) &&
      (!filter.engine || findVendor(rule)?.id === filter.engine) &&
      (!filter.severity || rule.severity === filter.severity) &&
      (!filter.language || rule.languages.includes(filter.language) || rule.languages.includes("*"))
    );
  });
}

const findVendor = ({ id }: Pick<RuleDoc, "id">) => RULE_VENDORS.find((vendor) => id.startsWith(`${vendor.id}/`));

/** The engines that people know rules by. */
export const ruleEngines = RULE_VENDORS;

export const ruleCount = RULES.length;

/** Returns the languages that have rules. */
export function ruleLanguages(): { id: string; label: string }[] {
  const used = new Set(RULES.flatMap((rule) => rule.languages));
  return languages.filter(({ id }) => used.has(id)).map(({ id }) => ({ id, label: languageLabel(id) }));
}
