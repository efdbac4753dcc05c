/** The result of reviewing a difference. */
import type { Coverage, Severity } from "@redline/core/reviewers/schema";
import type { ReportedFile, ReportedFinding } from "@redline/core/sarif/schema";

export type Finding = ReportedFinding;

export type ReviewedFile = ReportedFile & {
  coverage: Coverage;
  /** Titles of the findings that `--fix` resolved. */
  fixed?: string[];
  /** Why fixes were not written. */
  notFixed?: string;
};

export type Summary = {
  base: string;
  head: string;
  files: number;
  covered: number;
  partly: number;
  skipped: number;
  /** Of new findings. */
  new: Record<Severity, number>;
  /** Findings that were there before, or are in the baseline. */
  old: number;
  fixed: number;
  notes: string[];
};

export function summarise(
  files: readonly ReviewedFile[],
  { base, head, notes }: { base: string; head: string; notes: string[] },
): Summary {
  const states = (state: Coverage["state"]) => files.filter(({ coverage }) => coverage.state === state).length;
  const counts: Record<Severity, number> = { critical: 0, major: 0, minor: 0, nit: 0 };
  const summary: Summary = {
    ...{ base, head, files: files.length },
    ...{ covered: states("covered"), partly: states("partly"), skipped: states("skipped") },
    ...{ new: counts, old: 0, fixed: 0, notes },
  };
  for (const file of files) {
    summary.fixed += file.fixed?.length ?? 0;
    for (const finding of file.findings) {
      if (finding.isNew) counts[finding.severity]++;
      else summary.old++;
    }
  }
  return summary;
}
