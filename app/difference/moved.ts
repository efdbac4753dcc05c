/** Finds blocks that a difference removed in one place and added in another. */
import type { LineHunk } from "@redline/core/text/index";

/** The line (1-based) of the other side that a moved line is at, by the line of this side. */
export type MovedLines = { toHead: ReadonlyMap<number, number>; toBase: ReadonlyMap<number, number> };

const LEAST_LINES = 3;
const LEAST_LETTERS = 24;

export function findMovedLines(
  hunks: readonly LineHunk[],
  before: readonly string[],
  after: readonly string[],
): MovedLines {
  const keyOf = (line: string | undefined) => (line ?? "").trim();
  const added = new Map<string, number[]>();
  const isAdded = new Set<number>();
  for (const { bStart, bEnd } of hunks) {
    for (let at = bStart; at < bEnd; at++) {
      isAdded.add(at);
      const key = keyOf(after[at]);
      if (/[\p{L}\p{N}]/u.test(key)) added.set(key, [...(added.get(key) ?? []), at]);
    }
  }
  const toHead = new Map<number, number>();
  const toBase = new Map<number, number>();
  for (const { aStart, aEnd } of hunks) {
    for (let at = aStart; at < aEnd; ) {
      const runs = (added.get(keyOf(before[at])) ?? []).map((start) => {
        let length = 0;
        while (
          at + length < aEnd &&
          isAdded.has(start + length) &&
          !toBase.has(start + length + 1) &&
          keyOf(before[at + length]) === keyOf(after[start + length])
        )
          length++;
        return { start, length };
      });
      const best = runs.sort((one, two) => two.length - one.length)[0];
      if (!best || !isTelling(before.slice(at, at + best.length))) {
        at++;
        continue;
      }
      for (let each = 0; each < best.length; each++) {
        toHead.set(at + each + 1, best.start + each + 1);
        toBase.set(best.start + each + 1, at + each + 1);
      }
      at += best.length;
    }
  }
  return { toHead, toBase };
}

const isTelling = (lines: readonly string[]): boolean =>
  lines.length >= LEAST_LINES && lines.join("").replace(/[^\p{L}\p{N}]/gu, "").length >= LEAST_LETTERS;
