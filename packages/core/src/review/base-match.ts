/** Tells which findings of a changed file its base has as well. */
import type { Problem } from "../reviewers/schema";
import { diffLines, type LineHunk } from "../text/index";

/** A problem of the base, as much as is kept of it. */
export type BaseProblem = Pick<Problem, "identity" | "rule" | "severity" | "title" | "startLine" | "endLine">;

type Texts = { before: string; after: string };
type Lines = Pick<Problem, "startLine" | "endLine">;

/**
 * Returns the identities of those of `now` that are on the base too, and the problems of the base that are gone. The same rule
 * on the same unchanged lines is the same finding, whatever its symbol is called now; else its identity tells. Where the
 * base's problems are not known, those on unchanged lines count as old.
 */
export function matchWithBase(
  now: readonly Problem[],
  base: readonly BaseProblem[] | null,
  { before, after }: Texts,
): { old: Set<string>; gone: BaseProblem[] } {
  if (now.length === 0 || base?.length === 0) return { old: new Set(), gone: [...(base ?? [])] };
  const lines = new LineMapper(diffLines(before, after));
  if (!base)
    return { old: new Set(now.filter((each) => lines.toBase(each)).map(({ identity }) => identity)), gone: [] };
  const left = new Map(base.map((each) => [each.identity, each]));
  const old = new Set<string>();
  const pair = (finding: Problem, there: BaseProblem | undefined) => {
    if (!there) return;
    old.add(finding.identity);
    left.delete(there.identity);
  };
  for (const finding of now) {
    const place = lines.toBase(finding);
    const isThere = ({ rule, startLine, endLine }: BaseProblem) =>
      rule === finding.rule && startLine === place?.startLine && endLine === place.endLine;
    if (place) pair(finding, [...left.values()].find(isThere));
  }
  for (const finding of now) if (!old.has(finding.identity)) pair(finding, left.get(finding.identity));
  return { old, gone: [...left.values()] };
}

/** Maps lines (1-based) of the head to the base. */
class LineMapper {
  constructor(private readonly hunks: readonly LineHunk[]) {}

  /** Returns the same lines on the base; undefined where one of them was changed. */
  toBase({ startLine, endLine }: Lines): Lines | undefined {
    let shift = 0;
    for (const { aEnd, bStart, bEnd } of this.hunks) {
      if (bStart >= endLine) break;
      if (bEnd >= startLine) return undefined;
      shift = aEnd - bEnd;
    }
    return { startLine: startLine + shift, endLine: endLine + shift };
  }
}
