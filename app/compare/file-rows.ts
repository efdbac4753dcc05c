import { diffLines, type LineHunk } from "@redline/core/text/index";
import { type CharRange, changedWords } from "../editor/changed-words";
import { buildLine, type SideText } from "./lines";
import type { Block, FileRows, Row } from "./rows";

/** Unchanged lines shown around a change, and how many may be sent folded in one place. */
const CONTEXT_LINES = 3;
const MAX_FOLDED_LINES = 300;

/** Builds the rows of a comparison, at most `maxRows` visible ones: changes with unchanged lines around them folded. */
export function buildFileRows(before: SideText, after: SideText, maxRows: number): FileRows {
  const hunks = diffLines(before.text, after.text);
  const blocks: Block[] = [];
  let room = maxRows;
  let from = { a: 0, b: 0 };
  for (const hunk of hunks) {
    addUnchanged(blocks, before, after, { from, to: { a: hunk.aStart, b: hunk.bStart } });
    const rows = buildChangedRows(before, after, hunk, room);
    add(blocks, rows);
    room -= rows.length;
    from = { a: hunk.aEnd, b: hunk.bEnd };
    if (room <= 0) return { blocks, isPart: true };
  }
  const end = { a: lineCount(before), b: lineCount(after) };
  addUnchanged(blocks, before, after, { from, to: end });
  return { blocks, isPart: false };
}

const lineCount = ({ starts }: SideText): number => starts.length - 1;

function add(blocks: Block[], rows: Row[]): void {
  if (rows.length === 0) return;
  const last = blocks.at(-1);
  if (last?.kind === "shown") last.rows.push(...rows);
  else blocks.push({ kind: "shown", rows });
}

type Position = { a: number; b: number };

function addUnchanged(
  blocks: Block[],
  before: SideText,
  after: SideText,
  { from, to }: { from: Position; to: Position },
): void {
  const lines = to.a - from.a;
  const sameRow = (offset: number): Row => ({
    before: buildLine(before, from.a + offset),
    after: { number: from.b + offset + 1, pieces: [] },
    isSame: true,
  });
  const range = (start: number, end: number) => Array.from({ length: end - start }, (_, i) => sameRow(start + i));
  const isFirst = from.a === 0 && from.b === 0;
  const isLast = to.a === lineCount(before) && to.b === lineCount(after);
  const head = isFirst ? 0 : Math.min(CONTEXT_LINES, lines);
  const tail = isLast ? lines : Math.max(lines - CONTEXT_LINES, head);
  // Folding a line or two would take as much room as showing them.
  if (tail - head <= 2) {
    add(blocks, range(0, lines));
    return;
  }
  add(blocks, range(0, head));
  const folded = tail - head;
  blocks.push({ kind: "folded", lines: folded, rows: folded <= MAX_FOLDED_LINES ? range(head, tail) : [] });
  add(blocks, range(tail, lines));
}

/** Builds a hunk's rows: pairs while both sides have lines, then the longer side's rest. */
function buildChangedRows(before: SideText, after: SideText, hunk: LineHunk, room: number): Row[] {
  const words = findChangedWords(before, after, hunk);
  const rows: Row[] = [];
  const length = Math.max(hunk.aEnd - hunk.aStart, hunk.bEnd - hunk.bStart);
  for (let offset = 0; offset < Math.min(length, room); offset++) {
    const [a, b] = [hunk.aStart + offset, hunk.bStart + offset];
    rows.push({
      ...(a < hunk.aEnd && { before: buildLine(before, a, words.before) }),
      ...(b < hunk.bEnd && { after: buildLine(after, b, words.after) }),
    });
  }
  return rows;
}

function findChangedWords(
  before: SideText,
  after: SideText,
  hunk: LineHunk,
): { before: CharRange[]; after: CharRange[] } {
  const [aFrom, bFrom] = [before.starts[hunk.aStart] ?? 0, after.starts[hunk.bStart] ?? 0];
  const changed = changedWords(
    before.text.slice(aFrom, before.starts[hunk.aEnd]),
    after.text.slice(bFrom, after.starts[hunk.bEnd]),
  );
  const moved = (ranges: CharRange[], by: number) => ranges.map(({ from, to }) => ({ from: from + by, to: to + by }));
  if (!changed) return { before: [], after: [] };
  return { before: moved(changed.before, aFrom), after: moved(changed.after, bFrom) };
}
