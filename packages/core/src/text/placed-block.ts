import {
  type AnswerStyle,
  isIndentedOtherwise,
  refuseCollapsed,
  refuseUnshown,
  replacesAllIndented,
} from "./answer-style";
import { indentOf, isBlank, withoutReturn } from "./blanks";
import type { BlockFinder, LineMatch } from "./block-finder";
import { asOneChange, changesBetween, comparedChanges } from "./compared-changes";
import { applyEdits, type TextEdit } from "./edits";
import { findElision } from "./elision";
import { fileLinesOf } from "./file-lines";
import { isStar } from "./indent-style";
import type { BlockChange } from "./new-lines";
import { NotCarriedOver } from "./not-carried-over";
import { adaptToStyle, type WrittenLine } from "./own-style";
import { PatchRefused } from "./patch-refused";

export type { BlockChange } from "./new-lines";

/**
 * Returns the base with one more line ending, of its last kind. Models and people number and quote lines as a text
 * splits at "\n", where a final newline is followed by an empty line; the result has exactly these lines, each with its
 * ending.
 */
export function withAddedEnd(base: string): string {
  return base + addedEnd(base);
}

function addedEnd(base: string): "\n" | "\r\n" {
  return base[base.lastIndexOf("\n") - 1] === "\r" ? "\r\n" : "\n";
}

/** Returns edits on `withAddedEnd(base)` as edits on `base`: the result loses its last line ending again. */
export function onBase(base: string, edits: readonly TextEdit[]): TextEdit[] {
  const kept = edits.filter((edit) => edit.end < base.length || (edit.end === base.length && edit.start < edit.end));
  const atEnd = edits.slice(kept.length);
  if (atEnd.length === 0) return [...kept];
  let start = Math.min(base.length, ...atEnd.map((edit) => edit.start));
  let text = applyEdits(
    withAddedEnd(base).slice(start),
    atEnd.map((edit) => ({ ...edit, start: edit.start - start, end: edit.end - start })),
  );
  if (text.endsWith("\n")) return [...kept, { start, end: base.length, text: withoutLineEnd(text) }];
  // The last line is gone, and with it the newline before it.
  const last = kept.pop();
  if (last?.end === start) {
    start = last.start;
    text = last.text + text;
  } else if (last) kept.push(last);
  if (text.endsWith("\n")) return [...kept, { start, end: base.length, text: withoutLineEnd(text) }];
  const newline = base.startsWith("\r\n", start - 2) ? 2 : base.startsWith("\n", start - 1) ? 1 : 0;
  return [...kept, { start: start - newline, end: base.length, text }];
}

const withoutLineEnd = (text: string): string => text.slice(0, text.endsWith("\r\n") ? -2 : -1);

/** A patch's statement about the newline at the end of the file, where its block reaches that far. */
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
  /** Set where a tool is known to have made the patch of this very text: it means its lines to the letter. */
  isMadeHere?: boolean;
};

/** Returns the lines of a block that a model wrote: "a\nb" is two, and so is "a\n" (its second is empty). */
export function linesOfBlock(text: string): string[] {
  return text.split("\n");
}

/**
 * Returns the edits of all blocks, sorted. Throws PatchRefused for blocks that overlap, and for placeholders of omitted
 * code.
 */
export function editsOf(finder: BlockFinder, blocks: readonly PlacedBlock[]): { edits: TextEdit[]; exact: boolean } {
  const isNewStyle = replacesAllIndented(finder, blocks);
  const indentsOtherwise =
    finder.indentStyle().kind !== "tabs" && blocks.some((block) => isIndentedOtherwise(finder, block));
  const found = blocks.flatMap((block) => {
    refuseElisions(finder, block);
    const changes = changesInFile(finder, block, { isNewStyle, indentsOtherwise });
    const edits = changes.map((change) => ({ block, edit: editOf(finder, block, change) }));
    // For a single block, the consumer of the edits reports that they change nothing.
    if (blocks.length > 1 && !block.isMadeHere) refuseNothing(finder, block, edits);
    return edits;
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
    `Block ${block.hunk + 1} leaves code out ("${elision.trim().slice(0, 80)}"). Write out every line.`,
    block.hunk,
  );
}

/** The answer changes something: that it comes to nothing shows that it was meant otherwise. */
function refuseNothing({ base }: BlockFinder, block: PlacedBlock, edits: readonly { edit: TextEdit }[]): void {
  const isAsQuoted = block.match === "exact" || block.match === "line-ends";
  if (
    isAsQuoted ||
    block.changes.length === 0 ||
    edits.some(({ edit }) => edit.text !== base.slice(edit.start, edit.end))
  )
    return;
  throw new PatchRefused(
    `Block ${block.hunk + 1} would change nothing as it is indented. Quote the lines as they stand in the file, blanks included.`,
    block.hunk,
  );
}

/** The changes as they are written into the file; to the letter where the quote is exact. */
function changesInFile(finder: BlockFinder, block: PlacedBlock, answer: AnswerStyle): readonly BlockChange[] {
  try {
    const changes = block.match === "exact" ? block.changes : carriedOver(finder, block);
    if (block.isMadeHere) return changes;
    if (answer.indentsOtherwise) refuseUnshown(finder, block, changes);
    if (!answer.isNewStyle) return inStyle(finder, block, changes);
    refuseCollapsed(finder, changes);
    return changes;
  } catch (error) {
    if (!(error instanceof NotCarriedOver)) throw error;
    throw new PatchRefused(
      `Block ${block.hunk + 1} can't be written for certain, because ${error.message}. Quote the lines as they stand in the file, blanks included.`,
      block.hunk,
    );
  }
}

function carriedOver(finder: BlockFinder, block: PlacedBlock): BlockChange[] {
  const quoted = block.oldLines.map(withoutReturn);
  const file = quoted.map((_, at) => withoutReturn(finder.line(block.line + at)));
  const surroundings = { style: finder.indentStyle(), openString: finder.openStringAt(block.line) };
  // A diff says which lines stay. A model's two texts do not: their lines may be equal by chance where indentation is off.
  const isCompared = block.adaptsIndent === true;
  const whole = isCompared ? asOneChange(quoted, block.changes) : undefined;
  const changes = whole ? comparedChanges(block, quoted, file, whole) : block.changes;
  const lines = fileLinesOf({ quoted, file, changes, isCompared }, surroundings);
  const isLast = block.line + file.length === finder.lineCount && block.changes.at(-1)?.oldEnd === file.length;
  const last = lines.at(-1);
  if (!isLast || last === undefined || file.length === 0) return changesBetween(file, lines);
  // The file's last line is written anew whatever it is: a change may be one of its end alone.
  const end = file.length - 1;
  return [
    ...changesBetween(file.slice(0, -1), lines.slice(0, -1)),
    { oldStart: end, oldEnd: file.length, lines: [last] },
  ];
}

function inStyle(finder: BlockFinder, block: PlacedBlock, changes: readonly BlockChange[]): readonly BlockChange[] {
  if (!changes.some(({ lines }) => lines.some((line) => indentOf(line) !== ""))) return changes;
  const file = block.oldLines.map((_, at) => finder.line(block.line + at));
  const written: WrittenLine[] = [];
  let old = 0;
  const keepTo = (end: number) => {
    for (; old < end; old++) written.push({ text: file[old] as string, isNew: false });
  };
  for (const { oldStart, oldEnd, lines } of changes) {
    keepTo(oldStart);
    written.push(...lines.map((text) => ({ text, isNew: true })));
    old = oldEnd;
  }
  keepTo(file.length);
  const surroundings = { style: finder.indentStyle(), openString: finder.openStringAt(block.line) };
  const isShown = block.oldLines.some(
    (line, at) => !isBlank(line) && indentOf(line) !== "" && !tellsNoLevel(line, block.oldLines[at - 1]),
  );
  if (!block.adaptsIndent && isShown) return changes;
  const adapted = adaptToStyle(written, { ...surroundings, isShown }, () => finder.lines());
  if (adapted.every((text, at) => text === written[at]?.text)) return changes;
  // A tool's diff means its lines to the letter, a model's means the file's style: nothing tells which this is.
  if (!block.adaptsIndent) throw new NotCarriedOver("its new lines are indented by other blanks than the file");
  return changesBetween(file, adapted);
}

/** A star of a block comment, a line that goes on from the one before, or what is left of collapsed indentation. */
const tellsNoLevel = (line: string, before = ""): boolean =>
  isStar(line) || indentOf(line) === " " || withoutReturn(before).endsWith("\\");

function editOf(finder: BlockFinder, block: PlacedBlock, change: BlockChange): TextEdit {
  const { base, starts, lineCount } = finder;
  const from = block.line + change.oldStart;
  const to = block.line + change.oldEnd;
  const texts = change.lines;
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
  else if (!keepsNewline && text === "" && from > 0)
    return { start: start - finder.newlineAt(from - 1).length, end, text };
  return { start, end, text };
}
