/** Random edits of a file, as line ranges: what is true of them is known before anything is rendered. */
import type { Random } from "../../support/random";
import { type RandomFile, type Style, writeLine } from "./files";
import { type CodeLine, nameOf, randomBlock, statement, value } from "./languages";

/**
 * What an edit does. `words` keeps the lines and their indentation and changes words of them; `blanks` changes nothing but
 * indentation or blanks at ends.
 */
type EditKind = "words" | "delete" | "write" | "wrap" | "unwrap" | "blanks";

/** Lines [start, end) of the file become `lines`; `inText` as of a file's lines. */
export type LineEdit = { kind: EditKind; start: number; end: number; lines: string[]; inText: boolean[] };

type Place = { random: Random; file: RandomFile; at: number; line: string; depth: number; content: string };

const isBlank = (line: string): boolean => line.trim() === "";

function depthOf(style: Style, line: string): number {
  let depth = 0;
  while (line.startsWith(style.indent, depth * style.indent.length)) depth++;
  return depth;
}

/** One edit at a random place; undefined where the place does not suit the kind. */
export function randomEdit(random: Random, file: RandomFile): LineEdit | undefined {
  const { lines, style, inText } = file;
  if (random.chance(0.04)) return atAnEnd(random, file);
  const at = random.below(lines.length);
  const line = lines[at] as string;
  if (isBlank(line)) return blankLineEdit(random, file, at);
  if (inText[at]) return textEdit(random, file, at);
  const depth = depthOf(style, line);
  const content = line.slice(style.indent.length * depth);
  // A line that goes on from the one before has an indentation of its own.
  if (/^[ \t]/.test(content) || (lines[at - 1] ?? "").endsWith("\\")) return changeWords(random, file, at, at + 1);
  return random.pick(KINDS)({ random, file, at, line, depth, content });
}

const KINDS: readonly ((place: Place) => LineEdit | undefined)[] = [
  ({ random, file, at }) => changeWords(random, file, at, at + 1),
  ({ random, file, at }) => changeWords(random, file, at, Math.min(file.lines.length, at + random.between(2, 4))),
  insertAfter,
  remove,
  rewrite,
  wrap,
  unwrap,
  insertBlock,
  removeBlock,
  changeBlanks,
];

const edit = (kind: EditKind, start: number, end: number, lines: string[], inText?: boolean[]): LineEdit => ({
  kind,
  start,
  end,
  lines,
  inText: inText ?? lines.map(() => false),
});

const opens = (content: string): boolean => /(?:[:{(`\\]|"""|[|]2?|>-)\s*$/.test(content);
const closes = (content: string): boolean => /^[})\]`"<.]/.test(content);
const continues = (content: string): boolean => /[`\\]\s*$|"""/.test(content);

/** A statement, a target's recipe, a key: written as the file would write it at a depth. */
function fresh({ random, file: { style }, depth }: Place, deeper = 0): string {
  return writeLine(style, { depth: depth + deeper, text: freshText(random, style) });
}

function freshText(random: Random, { language }: Style): string {
  if (language === "yaml") return `${nameOf(random)}: ${value(random)}`;
  if (language === "make") return `echo ${nameOf(random)}_${random.between(1, 99)}`;
  return statement(random, language === "typescript" ? ";" : "").replace(/(\S) {2,}/g, "$1 ");
}

function insertAfter(place: Place): LineEdit | undefined {
  const { file, at, content, depth } = place;
  if (file.inText[at + 1] || continues(content)) return undefined;
  const isTarget = file.style.language === "make" && /^\w+: /.test(content);
  if (file.style.language === "make" && depth === 0 && !isTarget) return undefined;
  return edit("write", at + 1, at + 1, [fresh(place, opens(content) || isTarget ? 1 : 0)]);
}

function remove({ file, at, content, depth }: Place): LineEdit | undefined {
  if (opens(content) || closes(content) || continues(content)) return undefined;
  return file.style.language === "make" && depth === 0 ? undefined : edit("delete", at, at + 1, []);
}

function rewrite(place: Place): LineEdit | undefined {
  const { file, at, content, depth } = place;
  if (opens(content) || closes(content) || continues(content)) return undefined;
  // A target is no recipe: what stands in its place must be one, too.
  if (file.style.language === "make" && depth === 0) return undefined;
  const lines = [fresh(place), fresh(place)];
  // By chance the line itself, with fewer blanks.
  const wordsOf = (text: string) =>
    text
      .trim()
      .split(/[ \t]+/)
      .join(" ");
  return lines.some((one) => wordsOf(one) === wordsOf(content)) ? undefined : edit("write", at, at + 1, lines);
}

function insertBlock({ random, file, at, depth }: Place): LineEdit | undefined {
  const { style } = file;
  if (style.language === "make" && depth > 0) return undefined;
  return writeBlock(style, at, at, randomBlock(random, style.language, depth));
}

function writeBlock(style: Style, start: number, end: number, block: readonly CodeLine[]): LineEdit {
  const lines = block.map((line) => writeLine(style, line));
  return edit(
    "write",
    start,
    end,
    lines,
    block.map(({ isText }) => isText === true),
  );
}

/** The end of the lines that stand deeper than line `at`, which begins them. */
function endOfBlock({ lines, style }: RandomFile, at: number, depth: number): number {
  let end = at + 1;
  while (end < lines.length && (lines[end] as string).startsWith(style.indent.repeat(depth + 1))) end++;
  if (style.language === "typescript" && end > at + 1 && closes((lines[end] ?? "").trim())) end++;
  return end;
}

function removeBlock({ file, at, depth, content }: Place): LineEdit | undefined {
  const end = endOfBlock(file, at, depth);
  if (end === at + 1 || end - at > 8 || closes(content) || file.inText[end]) return undefined;
  return edit("delete", at, end, []);
}

/** Puts a line, and what belongs to it, into a new level. */
function wrap({ file, at, depth, content }: Place): LineEdit | undefined {
  const { lines, style, inText } = file;
  const end = endOfBlock(file, at, depth);
  if (style.language === "make" || end - at > 8 || closes(content) || continues(content)) return undefined;
  const wrapped = lines.slice(at, end);
  if (inText.slice(at, end + 1).some(Boolean) || wrapped.some((line) => line.trim() === "")) return undefined;
  const own = style.indent.repeat(depth);
  const opener = style.language === "python" ? "if ready:" : style.language === "yaml" ? "inner:" : "if (ready) {";
  const inner = wrapped.map((line) => style.indent + line);
  return edit("wrap", at, end, [own + opener, ...inner, ...(style.language === "typescript" ? [`${own}}`] : [])]);
}

/** Takes the line away that begins a level, and puts what is inside a level up. */
function unwrap({ file, at, depth, content }: Place): LineEdit | undefined {
  const { lines, style, inText } = file;
  const end = endOfBlock(file, at, depth);
  if (style.language === "make" || end === at + 1 || end - at > 8 || closes(content)) return undefined;
  const inside = lines.slice(at + 1, style.language === "typescript" ? end - 1 : end);
  const isPlain = inside.every((line) => !isBlank(line) && line.startsWith(style.indent.repeat(depth + 1)));
  if (!isPlain || inText.slice(at, end + 1).some(Boolean)) return undefined;
  return edit(
    "unwrap",
    at,
    end,
    inside.map((line) => line.slice(style.indent.length)),
  );
}

function changeBlanks({ random, file, at, line, content }: Place): LineEdit | undefined {
  if (file.style.language === "make" || opens(content) || continues(content)) return undefined;
  if (line !== line.trimEnd()) return edit("blanks", at, at + 1, [line.trimEnd()]);
  return random.chance(0.3) ? edit("blanks", at, at + 1, [file.style.indent + line]) : undefined;
}

/** Changes a word of each line that has one. */
function changeWords(random: Random, { lines, inText }: RandomFile, at: number, end: number): LineEdit | undefined {
  const changed = lines.slice(at, end).map((each) => changeWord(random, each));
  return changed.every((each, index) => each === lines[at + index])
    ? undefined
    : edit("words", at, end, changed, inText.slice(at, end));
}

/** Changes one word of a line, and leaves its blanks alone. */
function changeWord(random: Random, line: string): string {
  const words = [...line.matchAll(/[A-Za-z_]{3,}|\d+/g)].filter(
    ([word]) => !/^(?:def|for|class|const|function|return|print|else|ifeq|endif)$/.test(word),
  );
  const word = words.length > 0 ? random.pick(words) : undefined;
  if (!word) return line;
  return `${line.slice(0, word.index)}${word[0]}${random.between(2, 9)}${line.slice(word.index + word[0].length)}`;
}

/** A line of a string or a scalar: other words, one line more below it, one less. */
function textEdit(random: Random, file: RandomFile, at: number): LineEdit | undefined {
  const line = file.lines[at] as string;
  if (/["`*\f]/.test(line) || random.chance(0.5)) return changeWords(random, file, at, at + 1);
  if (random.chance(0.3)) return edit("delete", at, at + 1, []);
  return edit("write", at + 1, at + 1, [`${/^[ \t]*/.exec(line)?.[0]}Less ${nameOf(random)}`], [true]);
}

/** A blank line goes, or one more comes. */
function blankLineEdit(random: Random, file: RandomFile, at: number): LineEdit | undefined {
  if (file.inText[at]) return undefined;
  return random.chance(0.5) ? edit("blanks", at, at + 1, []) : edit("blanks", at, at, [""]);
}

/** Before the first line, behind the last one, or all of the file. */
function atAnEnd(random: Random, file: RandomFile): LineEdit | undefined {
  const { lines, style } = file;
  const block = randomBlock(random, style.language, 0);
  if (random.chance(0.2)) return writeBlock(style, 0, lines.length, block);
  const at = random.chance(0.5) ? 0 : lines.length;
  return writeBlock(style, at, at, block);
}

/** The file with the edits made: the truth. */
export function withEdits(file: RandomFile, edits: readonly LineEdit[]): RandomFile {
  const lines: string[] = [];
  let at = 0;
  for (const { start, end, lines: written } of edits) {
    lines.push(...file.lines.slice(at, start), ...written);
    at = end;
  }
  return { ...file, lines: [...lines, ...file.lines.slice(at)] };
}
