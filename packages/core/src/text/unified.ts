import type { LineHunk } from "./diff";
import type { KnownPart } from "./diff-text/known-lines";
import { diffKnownLines } from "./known-diff";
import { splitLines } from "./lines";

const DEFAULT_CONTEXT = 3;

/**
 * Returns the difference as a unified diff of one file, as git prints it (without the "diff --git" lines); "" when the
 * texts are equal. `context` is the number of unchanged lines around a change.
 */
export function unifiedDiff(a: string, b: string, opts: { path: string; context?: number }): string {
  const hunks = unifiedHunks(a, b, opts);
  if (hunks === "") return "";
  const from = a === "" ? "/dev/null" : `a/${opts.path}`;
  return `--- ${from}\n+++ ${b === "" ? "/dev/null" : `b/${opts.path}`}\n${hunks}`;
}

/** The hunks alone; with `parts`, only lines that are known are context. */
export function unifiedHunks(
  a: string,
  b: string,
  { context = DEFAULT_CONTEXT, parts }: { context?: number; parts?: readonly KnownPart[] } = {},
): string {
  const before = splitLines(a);
  const after = splitLines(b);
  const bounds = parts ?? [{ aStart: 0, aEnd: before.length }];
  const hunks = diffKnownLines(a, b, parts);
  return bounds
    .flatMap((part) => {
      const within = hunks.filter(({ aStart, aEnd }) => aStart >= part.aStart && aEnd <= part.aEnd);
      return groupNear(within, context).map((group) => hunkText(group, before, after, { context, ...part }));
    })
    .join("");
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
  bounds: { context: number; aStart: number; aEnd: number },
): string {
  const first = group[0] as LineHunk;
  const last = group[group.length - 1] as LineHunk;
  const aStart = Math.max(bounds.aStart, first.aStart - bounds.context);
  const aEnd = Math.min(bounds.aEnd, last.aEnd + bounds.context);
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
