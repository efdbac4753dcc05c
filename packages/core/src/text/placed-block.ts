import { indentOf, withoutReturn } from "./blanks";
import type { BlockFinder, LineMatch } from "./block-finder";
import { diffIds } from "./diff";
import { applyEdits, type TextEdit } from "./edits";
import { findElision } from "./elision";
import { fileLinesOf } from "./file-lines";
import { type NumberedText, numberLines } from "./lines";
import { type BlockChange, newLinesOf } from "./new-lines";
import { NotCarriedOver } from "./not-carried-over";
import { adaptToStyle, foreignBlank } from "./own-style";
import { PatchRefused } from "./patch-refused";

export type { BlockChange } from "./new-lines";

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
  /** Set where a model wrote the new lines by itself: they are indented as the file is, even where the quote is exact. */
  adaptsIndent?: boolean;
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
  const isNewStyle = replacesAllIndented(finder, blocks);
  const found = blocks.flatMap((block) => {
    refuseElisions(finder, block);
    const lines = linesInFile(finder, isNewStyle ? { ...block, adaptsIndent: false } : block);
    return block.changes.map((change, at) => ({ block, edit: editOf(finder, block, change, lines[at] as string[]) }));
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

/** Where every indented line of a file is written anew, its style may be, too. */
function replacesAllIndented(finder: BlockFinder, blocks: readonly PlacedBlock[]): boolean {
  const isIndented = (at: number) => indentOf(finder.line(at)) !== "";
  const replaced = new Set<number>();
  for (const { line, changes } of blocks) {
    for (const { oldStart, oldEnd } of changes) {
      for (let at = line + oldStart; at < line + oldEnd; at++) if (isIndented(at)) replaced.add(at);
    }
  }
  if (replaced.size === 0) return false;
  for (let at = 0; at < finder.lineCount; at++) if (isIndented(at) && !replaced.has(at)) return false;
  return true;
}

function refuseElisions(finder: BlockFinder, block: PlacedBlock): void {
  const elision = findElision(
    {
      quoted: block.oldLines,
      deleted: block.changes.flatMap(({ oldStart, oldEnd }) => block.oldLines.slice(oldStart, oldEnd)),
      added: block.changes.flatMap(({ lines }) => lines),
    },
    (line) => finder.hasLine(line),
  );
  if (elision === undefined) return;
  throw new PatchRefused(
    `Block ${block.hunk + 1} leaves code out (“${elision.trim().slice(0, 80)}”). Write out every line.`,
    block.hunk,
  );
}

/** The new lines of each change as the file has them, without "\n"; to the letter where the quote is exact. */
function linesInFile(finder: BlockFinder, block: PlacedBlock): string[][] {
  try {
    const lines = block.match === "exact" ? block.changes.map((change) => change.lines) : carryOver(finder, block);
    return block.adaptsIndent ? inStyle(finder, block, lines) : lines;
  } catch (error) {
    if (!(error instanceof NotCarriedOver)) throw error;
    throw new PatchRefused(
      `Block ${block.hunk + 1} can't be written for certain, because ${error.message}. Quote the lines as they stand in the file, blanks included.`,
      block.hunk,
    );
  }
}

function carryOver(finder: BlockFinder, block: PlacedBlock): string[][] {
  const quoted = block.oldLines.map(withoutReturn);
  const file = quoted.map((_, at) => withoutReturn(finder.line(block.line + at)));
  return fileLinesOf({ quoted, file, changes: block.changes }, finder.indentStyle());
}

function inStyle(finder: BlockFinder, block: PlacedBlock, lines: string[][]): string[][] {
  const foreign = foreignBlank(finder.indentStyle());
  if (!foreign || !lines.some((own) => own.some((line) => indentOf(line).includes(foreign)))) return lines;
  const file = block.oldLines.map((_, at) => finder.line(block.line + at));
  const changes = block.changes.map((change, at) => ({ ...change, lines: lines[at] as string[] }));
  const written = newLinesOf({ quoted: file, file, changes });
  const adapted = adaptToStyle(
    written.map(({ text, kept }) => ({ text, isNew: kept === undefined })),
    finder.indentStyle(),
    () => finder.lines(),
  );
  const added = adapted.filter((_, at) => written[at]?.kept === undefined);
  let from = 0;
  return lines.map((own) => {
    const start = from;
    from += own.length;
    return added.slice(start, from);
  });
}

function editOf(finder: BlockFinder, block: PlacedBlock, change: BlockChange, texts: readonly string[]): TextEdit {
  const { base, starts, lineCount } = finder;
  const from = block.line + change.oldStart;
  const to = block.line + change.oldEnd;
  const literal = block.match === "exact";
  // As many lines as before keep their ends one by one; a file may mix them.
  const keepsEnds = texts.length === change.oldEnd - change.oldStart;
  const newlineOf = (at: number) => (literal ? "\n" : finder.newlineAt(keepsEnds ? from + at : from));
  const unterminated = base !== "" && !base.endsWith("\n");
  let text = texts.map((line, at) => line + newlineOf(at)).join("");
  const start = starts[from] as number;
  const end = starts[to] as number;
  if (to < lineCount) return { start, end, text };

  if (from === lineCount && unterminated && text !== "") text = finder.newlineAt(from) + text;
  const keepsNewline = block.finalNewline === "present" || (block.finalNewline === "as-base" && !unterminated);
  // In a literal line "\r" is its text; only the line end itself goes.
  const lineEnd = newlineOf(texts.length - 1);
  if (!keepsNewline && text.endsWith(lineEnd)) text = text.slice(0, -lineEnd.length);
  return { start, end, text };
}
