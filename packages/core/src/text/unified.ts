import { diffLines, type LineHunk } from "./diff";
import { splitLines } from "./lines";

const DEFAULT_CONTEXT = 3;

/**
 * The difference as a unified diff of one file, as git prints it (without the "diff --git" lines); "" where the texts are
 * equal. `context` is the number of unchanged lines around a change.
 */
export function unifiedDiff(a: string, b: string, opts: { path: string; context?: number }): string {
  const context = opts.context ?? DEFAULT_CONTEXT;
  const before = splitLines(a);
  const after = splitLines(b);
  const hunks = diffLines(a, b);
  if (hunks.length === 0) return "";
  const parts = [
    `--- ${a === "" ? "/dev/null" : `a/${opts.path}`}\n`,
    `+++ ${b === "" ? "/dev/null" : `b/${opts.path}`}\n`,
  ];
  for (const group of groupNear(hunks, context)) parts.push(hunkText(group, before, after, context));
  return parts.join("");
}

/** Hunks whose context would touch are printed as one. */
function groupNear(hunks: readonly LineHunk[], context: number): LineHunk[][] {
  const groups: LineHunk[][] = [];
  let group: LineHunk[] = [];
  for (const hunk of hunks) {
    const last = group[group.length - 1];
    if (last && hunk.aStart - last.aEnd <= context * 2) group.push(hunk);
    else {
      group = [hunk];
      groups.push(group);
    }
  }
  return groups;
}

function hunkText(
  group: readonly LineHunk[],
  before: readonly string[],
  after: readonly string[],
  context: number,
): string {
  const first = group[0] as LineHunk;
  const last = group[group.length - 1] as LineHunk;
  const aStart = Math.max(0, first.aStart - context);
  const aEnd = Math.min(before.length, last.aEnd + context);
  const bStart = first.bStart - (first.aStart - aStart);
  const bEnd = last.bEnd + (aEnd - last.aEnd);
  const parts = [`@@ -${range(aStart, aEnd)} +${range(bStart, bEnd)} @@\n`];
  const add = (sign: string, lines: readonly string[], from: number, to: number) => {
    for (let at = from; at < to; at++) {
      const line = lines[at] as string;
      parts.push(sign, line.endsWith("\n") ? line : `${line}\n\\ No newline at end of file\n`);
    }
  };
  let at = aStart;
  for (const hunk of group) {
    add(" ", before, at, hunk.aStart);
    add("-", before, hunk.aStart, hunk.aEnd);
    add("+", after, hunk.bStart, hunk.bEnd);
    at = hunk.aEnd;
  }
  add(" ", before, at, aEnd);
  return parts.join("");
}

/** "line,count" with a 1-based line; an empty range names the line before it. */
function range(start: number, end: number): string {
  const count = end - start;
  if (count === 1) return `${start + 1}`;
  return count === 0 ? `${start},0` : `${start + 1},${count}`;
}
