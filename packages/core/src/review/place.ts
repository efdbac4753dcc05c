import type { TreeEntry } from "../codebases/schema";
import { getText } from "../platform/blobs";
import { mapRanges } from "../text/index";
import type { Finding, PlacedFinding } from "./schema";

/**
 * Returns findings located on the given files. Those of files that changed since their review are mapped through the
 * difference: one whose own lines changed is *outdated*, and a fix that no longer applies is left out.
 */
export async function locateFindings(teamId: string, tree: TreeEntry[], findings: Finding[]): Promise<PlacedFinding[]> {
  const placed: PlacedFinding[] = [];
  for (const group of groupByFile(findings).values()) {
    const [first] = group;
    const entry = first && tree.find((each) => each.path === first.path);
    if (!entry) continue;
    if (entry.hash === first.fileHash)
      placed.push(...group.map((each) => ({ ...each, anchorState: "exact" as const })));
    else placed.push(...mapGroup(group, await getText(teamId, first.fileHash), await getText(teamId, entry.hash)));
  }
  return placed;
}

function groupByFile(findings: Finding[]): Map<string, Finding[]> {
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) {
    const key = `${finding.fileHash} ${finding.path}`;
    const group = groups.get(key);
    if (group) group.push(finding);
    else groups.set(key, [finding]);
  }
  return groups;
}

function mapGroup(group: Finding[], before: string, after: string): PlacedFinding[] {
  const ranges = group.flatMap(({ start, end, fix }) => [{ start, end }, ...(fix?.edits ?? [])]);
  const mapped = mapRanges(before, after, ranges);
  const lineOf = lineCounter(after);
  let at = 0;
  return group.map((finding) => {
    const place = mapped[at++];
    const edits = (finding.fix?.edits ?? []).map((edit) => {
      const range = mapped[at++];
      return range && { ...edit, ...range };
    });
    const fits = edits.every((edit) => edit !== null && edit !== undefined);
    if (!place) return { ...finding, fix: undefined, anchorState: "outdated" as const };
    const fix = finding.fix && fits ? { ...finding.fix, edits: edits.filter((edit) => !!edit) } : undefined;
    const startLine = lineOf(place.start);
    const endLine = startLine + finding.endLine - finding.startLine;
    return { ...finding, ...place, startLine, endLine, fix, anchorState: "moved" as const };
  });
}

/** Line numbers of offsets, found by halving over where the lines begin. */
function lineCounter(text: string): (offset: number) => number {
  const starts = [0];
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return (offset) => {
    let low = 0;
    let high = starts.length;
    while (low + 1 < high) {
      const middle = (low + high) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle;
    }
    return low + 1;
  };
}
