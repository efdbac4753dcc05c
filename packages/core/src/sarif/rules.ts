/** The rules of a SARIF log: those that its results name, with help. */
import { RULES } from "../reviewers/index";
import type { RuleDoc } from "../reviewers/schema";
import { LEVELS } from "./schema";

const SECURITY = /(?:^|\/)(?:security\/|secret|possible-secret|S\d{3})/;
/** How code scanning ranks security rules: critical from 9, high from 7, medium from 4. */
const SECURITY_SCORES = { critical: "9.5", major: "8.0", minor: "5.0", nit: "2.0" } as const;

export function reportedRules(ids: readonly string[]) {
  const used = new Set(ids);
  return RULES.filter(({ id }) => used.has(id)).map(reportingDescriptor);
}

function reportingDescriptor({ id, title, why, bad, good, severity, confidence }: RuleDoc) {
  const isSecurity = SECURITY.test(id);
  return {
    id,
    name: nameOf(id),
    shortDescription: { text: `${title}.` },
    fullDescription: { text: why },
    help: {
      text: `${why}\n\nInstead of:\n\n${bad}\nwrite:\n\n${good}`,
      markdown: `${why}\n\nInstead of:\n\n${fenced(bad)}\n\nwrite:\n\n${fenced(good)}`,
    },
    defaultConfiguration: { level: LEVELS[severity] },
    properties: {
      precision: confidence,
      tags: isSecurity ? ["security"] : ["quality"],
      ...(isSecurity
        ? { "security-severity": SECURITY_SCORES[severity] }
        : { "problem.severity": { error: "error", warning: "warning", note: "recommendation" }[LEVELS[severity]] }),
    },
  };
}

/** `biome/suspicious/noDoubleEquals` is `NoDoubleEquals`. */
function nameOf(id: string): string {
  const last = id.split("/").at(-1) ?? id;
  return last.replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());
}

function fenced(code: string): string {
  const longest = Math.max(2, ...[...code.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}\n${code.replace(/\n$/, "")}\n${fence}`;
}
