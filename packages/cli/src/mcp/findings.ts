/** Findings as an agent reads them: the worst first, and no more than it can use. */
import { type Severity, severities } from "@redline/core/reviewers/schema";
import type { Finding, ReviewedFile, Summary } from "../review/result";

const MAX_LISTED = 200;

export function findingsForAgent(
  files: readonly ReviewedFile[],
  summary: Summary,
  { withOld }: { withOld: boolean },
): Record<string, unknown> {
  const wanted = files.flatMap(({ findings }) => findings.filter(({ isNew }) => isNew || withOld));
  const rank = ({ severity }: Finding) => severities.indexOf(severity);
  const sorted = wanted.sort((a, b) => rank(a) - rank(b) || (a.path < b.path ? -1 : 1));
  const skipped = files.filter(({ coverage }) => coverage.state !== "covered").map(({ coverage }) => coverage);
  const { base, head, covered, partly, old, notes } = summary;
  return {
    summary: {
      base,
      head,
      files: summary.files,
      covered,
      partly,
      skipped: summary.skipped,
      new: summary.new,
      old,
      notes,
    },
    findings: sorted.slice(0, MAX_LISTED).map(forAgent),
    ...(sorted.length > MAX_LISTED && { notListed: sorted.length - MAX_LISTED }),
    ...(skipped.length > 0 && { notCovered: skipped }),
  };
}

function forAgent({
  path,
  line,
  endLine,
  column,
  severity,
  confidence,
  rule,
  title,
  explanation,
  isNew,
  fix,
}: Finding) {
  return {
    ...{ path, line, endLine, column, severity, confidence, rule, title, explanation, isNew },
    ...(fix && { fix: { summary: fix.summary, safety: fix.safety } }),
  };
}

export function countBySeverity(findings: readonly { severity: Severity }[]): Record<Severity, number> {
  const counts = { critical: 0, major: 0, minor: 0, nit: 0 };
  for (const { severity } of findings) counts[severity]++;
  return counts;
}
