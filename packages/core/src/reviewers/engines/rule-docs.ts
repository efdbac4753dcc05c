/** Builds an engine's rule catalogue from its entries. */
import type { Confidence, RuleDoc, Safety, Severity } from "../schema";

/** A rule's entry in the catalogue; `fix` is its fix's safety, and absent where none is offered. */
export type RuleEntry = {
  id: string;
  severity: Severity;
  confidence?: Confidence;
  title: string;
  why: string;
  source?: string;
  bad: string;
  good: string;
  fix?: Safety;
};

/** Returns rules of one vendor and group, for the same languages; findings are sure unless the entry says otherwise. */
export function describeRules(prefix: string, languages: readonly string[], entries: readonly RuleEntry[]): RuleDoc[] {
  return entries.map(({ id, confidence = "high", fix, ...rest }) => ({
    id: `${prefix}/${id}`,
    languages: [...languages],
    confidence,
    ...rest,
    ...(fix ? { safety: fix } : {}),
  }));
}
