/** How the catalogue's pages write a rule down. */
import type { Confidence, RuleDoc, Safety, Severity } from "../schema";

/** What differs from rule to rule; `fix` is how far its fix is trusted, and without it none is offered. */
export type Entry = {
  id: string;
  severity: Severity;
  confidence?: Confidence;
  title: string;
  why: string;
  bad: string;
  good: string;
  fix?: Safety;
};

export const script = ["typescript", "tsx", "javascript", "jsx"];
export const typed = ["typescript", "tsx"];
export const markup = ["tsx", "jsx", "javascript"];

/** Rules of one engine and group, for the same languages; findings are sure unless the entry says otherwise. */
export function page(prefix: string, languages: readonly string[], entries: readonly Entry[]): RuleDoc[] {
  const engine = prefix.startsWith("ruff") ? "ruff" : prefix.startsWith("biome") ? "biome" : "redline";
  return entries.map(({ id, confidence = "high", fix, ...rest }) => ({
    id: `${prefix}/${id}`,
    engine,
    languages: [...languages],
    confidence,
    ...rest,
    ...(fix ? { safety: fix } : {}),
  }));
}
