import type { TreeEntry } from "../codebases/schema";
import type { FindingCounts } from "../sessions/schema";
import { locateFindings } from "./place";
import type { Finding } from "./schema";

export const countBySeverity = (findings: readonly Finding[]): FindingCounts => {
  const counts = { critical: 0, major: 0, minor: 0, nit: 0 };
  for (const finding of findings) counts[finding.severity] += 1;
  return counts;
};

export const addCounts = (a: FindingCounts, b: FindingCounts): FindingCounts => ({
  critical: a.critical + b.critical,
  major: a.major + b.major,
  minor: a.minor + b.minor,
  nit: a.nit + b.nit,
});

/** Returns the findings without a decision whose code is still there. */
export async function openFindings(teamId: string, tree: TreeEntry[], findings: Finding[]): Promise<Finding[]> {
  const undecided = findings.filter((finding) => !finding.decision);
  const placed = await locateFindings(teamId, tree, undecided);
  return placed.filter((finding) => finding.anchorState !== "outdated");
}
