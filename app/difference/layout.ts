/** Which rows a difference shows: changes with the lines around them, and folds where lines are left out. */
import type { KnownPart, LineHunk } from "@redline/core/text/index";
import type { Lines } from "../editor/code-html";

/** Lines are 1-based; `a` is the base's, `b` the head's. */
export type DiffRow =
  | { kind: "same"; a: number; b: number }
  | { kind: "change"; hunk: number; aLines: Lines | null; bLines: Lines | null }
  /** Lines that are the same and not shown. */
  | { kind: "fold"; a: number; b: number; lines: number; isFirst: boolean; isLast: boolean }
  /** A change of blanks alone that is not shown. */
  | { kind: "blanks"; hunk: number; lines: number }
  /** Lines that are not here; null where nobody knows how many. */
  | { kind: "unknown"; lines: number | null };

export type LayoutInput = {
  hunks: readonly LineHunk[];
  /** Lines of both sides. */
  aCount: number;
  bCount: number;
  parts?: readonly KnownPart[];
  /** Lines of the head to show, besides those around changes. */
  shown: readonly Lines[];
  /** Numbers of hunks that are folded, as they change blanks alone. */
  folded: ReadonlySet<number>;
};

const CONTEXT_LINES = 3;
/** Folding a line or two would take as much room as showing them. */
const LEAST_FOLDED = 3;

export function layOutRows(input: LayoutInput): DiffRow[] {
  const rows: DiffRow[] = [];
  let [a, b] = [0, 0];
  for (const [index, hunk] of input.hunks.entries()) {
    addUnchanged(rows, input, { a, b, lines: hunk.aStart - a, isFirst: index === 0, isLast: false });
    const lines = Math.max(hunk.aEnd - hunk.aStart, hunk.bEnd - hunk.bStart);
    if (input.folded.has(index)) rows.push({ kind: "blanks", hunk: index, lines });
    else {
      const [aLines, bLines] = [toLines(hunk.aStart, hunk.aEnd), toLines(hunk.bStart, hunk.bEnd)];
      rows.push({ kind: "change", hunk: index, aLines, bLines });
    }
    [a, b] = [hunk.aEnd, hunk.bEnd];
  }
  const lines = Math.min(input.aCount - a, input.bCount - b);
  addUnchanged(rows, input, { a, b, lines, isFirst: input.hunks.length === 0, isLast: true });
  if (input.parts) rows.push({ kind: "unknown", lines: null });
  return rows;
}

const toLines = (start: number, end: number): Lines | null => (end > start ? { first: start + 1, last: end } : null);

type Run = { a: number; b: number; lines: number; isFirst: boolean; isLast: boolean };
type LineState = "same" | "fold" | "unknown";

function addUnchanged(rows: DiffRow[], { parts, shown }: LayoutInput, run: Run): void {
  const { a, b, lines, isFirst, isLast } = run;
  const states: LineState[] = [];
  for (let at = 0; at < lines; at++) {
    const isNear = (!isFirst && at < CONTEXT_LINES) || (!isLast && at >= lines - CONTEXT_LINES);
    const line = b + at + 1;
    const isKnown = !parts || parts.some(({ bStart, bEnd }) => bStart < line && line <= bEnd);
    const isShown = isNear || shown.some(({ first, last }) => first <= line && line <= last);
    states.push(!isKnown ? "unknown" : isShown || parts ? "same" : "fold");
  }
  for (let at = 0; at < lines; ) {
    const state = states[at] ?? "same";
    let end = at + 1;
    while (end < lines && states[end] === state) end++;
    const count = end - at;
    if (state === "unknown") rows.push({ kind: "unknown", lines: count });
    else if (state === "fold" && count >= LEAST_FOLDED) {
      const ends = { isFirst: isFirst && at === 0, isLast: isLast && end === lines };
      rows.push({ kind: "fold", a: a + at + 1, b: b + at + 1, lines: count, ...ends });
    } else for (let each = at; each < end; each++) rows.push({ kind: "same", a: a + each + 1, b: b + each + 1 });
    at = end;
  }
}

/** Returns the numbers of the hunks that change nothing but blanks. */
export function blankHunks(
  hunks: readonly LineHunk[],
  before: readonly string[],
  after: readonly string[],
): Set<number> {
  const solid = (lines: readonly string[], from: number, to: number) =>
    lines.slice(from, to).join("").replace(/\s+/g, "");
  const numbers = new Set<number>();
  for (const [index, { aStart, aEnd, bStart, bEnd }] of hunks.entries()) {
    if (solid(before, aStart, aEnd) === solid(after, bStart, bEnd)) numbers.add(index);
  }
  return numbers;
}

/** A line that begins a function, a class or the like, in most languages. */
const HEADING =
  /^\s*(?:(?:export|default|public|private|protected|static|async|abstract|final|override|pub|inline)\s+)*(?:function\b|class\b|interface\b|enum\b|struct\b|trait\b|impl\b|module\b|namespace\b|def\b|fn\b|func\b|sub\b|(?:const|let|var)\s+\w+\s*=\s*(?:async\s*)?(?:function\b|\(|\w+\s*=>)|[\w<>[\],.&*: ]*\w+\s*\([^;]*\)\s*(?:[:{]|->|throws\b))/;

/** Returns the line (1-based) that begins what encloses a line; undefined at the top of a file. */
export function enclosingLine(lines: readonly string[], line: number): number | undefined {
  const indentOf = (text: string) => text.length - text.trimStart().length;
  let from = line;
  while (from <= lines.length && (lines[from - 1] ?? "").trim() === "") from++;
  let indent = indentOf(lines[from - 1] ?? "");
  for (let at = line - 1; at >= 1 && indent > 0; at--) {
    const text = lines[at - 1] ?? "";
    if (text.trim() === "" || indentOf(text) >= indent) continue;
    if (HEADING.test(text) && !/^\s*(?:if|for|while|switch|catch|else|return)\b/.test(text)) return at;
    indent = indentOf(text);
  }
  return undefined;
}
