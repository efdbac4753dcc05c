import type { BlockFinder, LineMatch } from "./block-finder";
import { diffIds } from "./diff";
import { applyEdits, type TextEdit } from "./edits";
import { findElision } from "./elision";
import { type NumberedText, numberLines } from "./lines";
import { PatchRefused } from "./patch-refused";

/** Lines [oldStart, oldEnd) of a block, relative to its first line, become `lines` (without "\n", "\r" kept). */
export type BlockChange = { oldStart: number; oldEnd: number; lines: string[] };

/**
 * Models and people number and quote lines as a text splits at "\n", where a last newline is followed by one more, empty
 * line. A base with one newline added has exactly these lines, each with its end; `onBase` takes edits on it back.
 */
export const ADDED_NEWLINE = "\n";

/** Edits on `base + ADDED_NEWLINE`, as edits on `base`: the result loses its last newline again. */
export function onBase(base: string, edits: readonly TextEdit[]): TextEdit[] {
  const kept = edits.filter((edit) => edit.end < base.length || (edit.end === base.length && edit.start < edit.end));
  const atEnd = edits.slice(kept.length);
  if (atEnd.length === 0) return [...kept];
  let start = Math.min(base.length, ...atEnd.map((edit) => edit.start));
  let text = applyEdits(
    (base + ADDED_NEWLINE).slice(start),
    atEnd.map((edit) => ({ ...edit, start: edit.start - start, end: edit.end - start })),
  );
  if (text.endsWith("\n")) return [...kept, { start, end: base.length, text: text.slice(0, -1) }];
  // The last line is gone, and with it the newline before it.
  const last = kept.pop();
  if (last?.end === start) {
    start = last.start;
    text = last.text + text;
  } else if (last) kept.push(last);
  if (text.endsWith("\n"))
    return [...kept, { start, end: base.length, text: text.slice(0, text.endsWith("\r\n") ? -2 : -1) }];
  const newline = base.startsWith("\r\n", start - 2) ? 2 : base.startsWith("\n", start - 1) ? 1 : 0;
  return [...kept, { start: start - newline, end: base.length, text }];
}

/** What a patch says about the newline at the end of the file, where its block reaches that far. */
export type FinalNewline = "as-base" | "present" | "absent";

/** A block of a patch and the base line (0-based) it was placed on. */
export type PlacedBlock = {
  hunk: number;
  line: number;
  oldLines: readonly string[];
  changes: readonly BlockChange[];
  match: LineMatch;
  finalNewline: FinalNewline;
};

/** The lines of a block of text that a model wrote: "a\nb" is two, and so is "a\n" (its second is empty). */
export function linesOfBlock(text: string): string[] {
  return text.split("\n");
}

/** The changes that take the lines of a block to their replacement; lines that stay the same are left out. */
export function changesBetween(oldLines: readonly string[], newLines: readonly string[]): BlockChange[] {
  const asText = (lines: readonly string[]) => lines.map((line) => `${line}\n`).join("");
  const { texts, distinct } = numberLines([asText(oldLines), asText(newLines)]);
  const [before, after] = texts as [NumberedText, NumberedText];
  return diffIds(before.ids, after.ids, distinct, { steps: CHANGES_BUDGET_STEPS }).map((hunk) => ({
    oldStart: hunk.aStart,
    oldEnd: hunk.aEnd,
    lines: newLines.slice(hunk.bStart, hunk.bEnd),
  }));
}

const CHANGES_BUDGET_STEPS = 10_000_000;

/** The edits of all blocks, sorted. Refuses blocks that overlap, and new lines that stand for code left out. */
export function editsOf(finder: BlockFinder, blocks: readonly PlacedBlock[]): { edits: TextEdit[]; exact: boolean } {
  const found = blocks.flatMap((block) => {
    refuseElisions(finder, block);
    return block.changes.map((change) => ({ block, edit: editOf(finder, block, change) }));
  });
  found.sort((one, two) => one.edit.start - two.edit.start || one.edit.end - two.edit.end);
  let last: TextEdit | undefined;
  for (const { block, edit } of found) {
    const insertTwice = last && last.start === last.end && edit.start === edit.end && edit.start === last.end;
    if (last && (edit.start < last.end || insertTwice)) {
      throw new PatchRefused(`Block ${block.hunk + 1} changes lines that another block changes too.`, block.hunk);
    }
    last = edit;
  }
  return {
    edits: found.map(({ edit }) => edit),
    exact: blocks.every((block) => block.match === "exact"),
  };
}

function refuseElisions(finder: BlockFinder, block: PlacedBlock): void {
  for (const change of block.changes) {
    const elision = findElision(change.lines, (line) => finder.hasLine(line));
    if (elision === undefined) continue;
    throw new PatchRefused(
      `Block ${block.hunk + 1} leaves code out (“${elision.trim().slice(0, 80)}”). Write out every line.`,
      block.hunk,
    );
  }
}

function editOf(finder: BlockFinder, block: PlacedBlock, change: BlockChange): TextEdit {
  const { base, starts, lineCount } = finder;
  const from = block.line + change.oldStart;
  const to = block.line + change.oldEnd;
  const literal = block.match === "exact";
  const newline = finder.newlineAt(from);
  const indent = literal ? "" : missingIndent(finder, block);
  const lines = change.lines.map((line) => {
    if (literal) return `${line}\n`;
    const content = line.endsWith("\r") ? line.slice(0, -1) : line;
    return (content.trim() === "" ? content : indent + content) + newline;
  });
  const unterminated = base !== "" && !base.endsWith("\n");
  let text = lines.join("");
  const start = starts[from] as number;
  const end = starts[to] as number;
  if (to < lineCount) return { start, end, text };

  if (from === lineCount && unterminated && text !== "") text = newline + text;
  const keepsNewline = block.finalNewline === "present" || (block.finalNewline === "as-base" && !unterminated);
  // In a literal line "\r" is its text; only the line end itself goes.
  const lineEnd = literal ? "\n" : newline;
  if (!keepsNewline && text.endsWith(lineEnd)) text = text.slice(0, -lineEnd.length);
  return { start, end, text };
}

/**
 * The indentation that a model dropped from a whole block: every line with text stands in the base with the same white
 * space before it, and the new lines begin where the old ones did. Else nothing: new lines are taken as written.
 */
function missingIndent(finder: BlockFinder, block: PlacedBlock): string {
  const added = block.changes.flatMap((change) => change.lines);
  let missing: string | undefined;
  for (const [index, line] of block.oldLines.entries()) {
    if (line.trim() === "") continue;
    const gap = finder.indentOf(block.line + index).length - indentOf(line).length;
    const baseIndent = finder.indentOf(block.line + index);
    if (gap <= 0 || !baseIndent.endsWith(indentOf(line))) return "";
    const prefix = baseIndent.slice(0, gap);
    if (missing !== undefined && missing !== prefix) return "";
    missing = prefix;
  }
  if (missing === undefined || shallowest(added) !== shallowest(block.oldLines)) return "";
  return missing;
}

function shallowest(lines: readonly string[]): number {
  let least = Number.POSITIVE_INFINITY;
  for (const line of lines) if (line.trim() !== "") least = Math.min(least, indentOf(line).length);
  return least;
}

function indentOf(line: string): string {
  let end = 0;
  while (line[end] === " " || line[end] === "\t") end++;
  return line.slice(0, end);
}
