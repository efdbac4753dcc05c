/** Edits as a model would hand them in: blocks of quoted and new lines, before they are written in a format. */
import type { PatchFormat } from "@redline/core/text/index";
import type { Random } from "../../support/random";
import type { LineEdit } from "./edits";
import type { RandomFile } from "./files";

export type Sign = " " | "-" | "+";
export type BlockLine = { sign: Sign; text: string; inText: boolean };

/**
 * `start` is the 0-based line of the file at which the first quoted line stands, as the answer states it; `reachesEnd`
 * that its last quoted line is the last one of a file that does not end in a newline.
 */
export type Block = { start: number; reachesEnd: boolean; lines: BlockLine[] };

export const oldOf = (block: Block): string[] => block.lines.filter(({ sign }) => sign !== "+").map(({ text }) => text);
export const newOf = (block: Block): string[] => block.lines.filter(({ sign }) => sign !== "-").map(({ text }) => text);

/** A block that quotes nothing goes by its line number alone. */
export const isInsertion = (block: Block): boolean => block.lines.every(({ sign }) => sign === "+");

/** A block whose old and new lines have nothing in common, as texts of search and replace stand apart. */
export function apart(block: Block, old: readonly string[], young: readonly string[]): Block {
  const flags = (keep: (line: BlockLine) => boolean) => block.lines.filter(keep).map(({ inText }) => inText);
  const side = (sign: Sign, texts: readonly string[], inText: boolean[]) =>
    texts.map((text, at): BlockLine => ({ sign, text, inText: inText[at] ?? false }));
  const oldFlags = flags(({ sign }) => sign !== "+");
  const youngFlags = flags(({ sign }) => sign !== "-");
  return { ...block, lines: [...side("-", old, oldFlags), ...side("+", young, youngFlags)] };
}

/** Lines quoted around an edit: as git does, as models do, or the whole file. */
function contextOf(random: Random, format: PatchFormat, file: RandomFile): () => number {
  if (random.chance(0.03)) return () => file.lines.length;
  if (format === "unified") return () => random.pick([3, 3, 3, 3, 2, 1, 0]);
  return () => random.pick(format === "edits" ? [0, 0, 0, 1, 2] : [0, 1, 2, 3]);
}

/** Quotes edits with context; those whose context meets become one block. Undefined where a block quotes nothing. */
export function blocksOf(
  random: Random,
  file: RandomFile,
  edits: readonly LineEdit[],
  format: PatchFormat,
): Block[] | undefined {
  const context = contextOf(random, format, file);
  const isBare = format === "edits" && random.chance(0.3);
  const parts = edits.map((edit) => {
    const inserts = edit.start === edit.end && !isBare;
    const before = isBare ? 0 : context() || (inserts && edit.start > 0 ? 1 : 0);
    const after = isBare ? 0 : context() || (inserts && edit.start === 0 ? 1 : 0);
    return {
      edits: [edit],
      start: Math.max(0, edit.start - before),
      end: Math.min(file.lines.length, edit.end + after),
    };
  });
  const joined: typeof parts = [];
  for (const part of parts) {
    const last = joined.at(-1);
    if (last && part.start <= last.end) {
      last.end = Math.max(last.end, part.end);
      last.edits.push(...part.edits);
    } else joined.push(part);
  }
  const blocks = joined.map((part) => ({
    start: part.start,
    reachesEnd: part.end >= file.lines.length && !file.style.endsInNewline,
    lines: linesOf(file, part),
  }));
  // After its last line was removed, the file ends with the line before it: a diff must have that.
  const isCut = (block: Block) =>
    format === "unified" && block.reachesEnd && newOf(block).length === 0 && block.start > 0;
  if (blocks.some(isCut)) return undefined;
  const isQuoted = (block: Block) => oldOf(block).some((line) => line.trim() !== "");
  return blocks.every((block) => isQuoted(block) || (isBare && isInsertion(block))) ? blocks : undefined;
}

function linesOf(file: RandomFile, part: { edits: LineEdit[]; start: number; end: number }): BlockLine[] {
  const lines: BlockLine[] = [];
  const add = (sign: Sign, texts: readonly string[], inText: readonly boolean[]) =>
    lines.push(...texts.map((text, at) => ({ sign, text, inText: inText[at] ?? false })));
  const addOld = (sign: Sign, from: number, to: number) =>
    add(sign, file.lines.slice(from, to), file.inText.slice(from, to));
  const addEdit = (edit: LineEdit) => {
    // Lines that change one by one: those that do not are quoted as they are.
    const isLineByLine = edit.kind === "words";
    for (const [index, text] of isLineByLine ? edit.lines.entries() : []) {
      const line = edit.start + index;
      const isKept = file.lines[line] === text;
      addOld(isKept ? " " : "-", line, line + 1);
      if (!isKept) add("+", [text], edit.inText.slice(index, index + 1));
    }
    if (isLineByLine) return;
    addOld("-", edit.start, edit.end);
    add("+", edit.lines, edit.inText);
  };
  let at = part.start;
  for (const edit of part.edits) {
    addOld(" ", at, edit.start);
    addEdit(edit);
    at = edit.end;
  }
  addOld(" ", at, part.end);
  return lines;
}
