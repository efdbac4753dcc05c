/** Random edits of a file, as line ranges: what is true of them is known before anything is rendered. */

import type { Random } from "../../support/random";
import { block, nameOf, type RandomFile, type Style, statement, value, writeLine } from "./files";

/** Lines [start, end) of the file become `lines`. */
export type LineEdit = { start: number; end: number; lines: string[] };

const depthOf = (style: Style, line: string): number => {
  let depth = 0;
  while (line.startsWith(style.indent, depth * style.indent.length)) depth++;
  return depth;
};

/** One edit at a random place; undefined where the place does not suit the kind. */
export function randomEdit(random: Random, file: RandomFile): LineEdit | undefined {
  const { lines, style } = file;
  const at = random.between(0, lines.length - 1);
  const line = lines[at] as string;
  if (line.trim() === "") return undefined;
  const depth = depthOf(style, line);
  const content = line.slice(style.indent.length * depth);
  // A line inside a string has an indentation of its own.
  if (/^[ \t]/.test(content) || /^(?:"""|More )/.test(content)) return undefined;
  const fresh = (deeper = 0) => writeLine(style, { depth: depth + deeper, text: freshText(random, style) });
  const opens = /[:{]\s*$/.test(content);
  const kind = random.between(0, 6);
  // A target is no recipe: what stands in its place must be one, too.
  if (style.language === "make" && depth === 0 && (kind === 2 || kind === 3)) return undefined;
  switch (kind) {
    case 0: {
      const changed = changeWord(random, line);
      return changed === line ? undefined : { start: at, end: at + 1, lines: [changed] };
    }
    case 1:
      return {
        start: at + 1,
        end: at + 1,
        lines: [fresh(opens || (/^\w+: /.test(content) && style.language === "make") ? 1 : 0)],
      };
    case 2:
      return opens || closes(content) ? undefined : { start: at, end: at + 1, lines: [] };
    case 3:
      return opens || closes(content) ? undefined : { start: at, end: at + 1, lines: [fresh(), fresh()] };
    case 4:
      return wrap(file, at, depth);
    case 5:
      if (style.language === "make" && depth > 0) return undefined;
      return { start: at, end: at, lines: block(random, style.language, depth).map((one) => writeLine(style, one)) };
    default: {
      const end = Math.min(lines.length, at + random.between(1, 3));
      const changed = lines.slice(at, end).map((each) => changeWord(random, each));
      return changed.every((each, index) => each === lines[at + index])
        ? undefined
        : { start: at, end, lines: changed };
    }
  }
}

const closes = (content: string): boolean => /^[})\]`"]/.test(content);

function freshText(random: Random, { language }: Style): string {
  if (language === "yaml") return `${nameOf(random)}: ${value(random)}`;
  if (language === "make") return `echo ${nameOf(random)}_${random.between(1, 99)}`;
  return statement(random, language === "typescript" ? ";" : "").replace(/(\S) {2,}/g, "$1 ");
}

/** Changes one word of a line, and leaves its blanks alone. */
function changeWord(random: Random, line: string): string {
  const words = [...line.matchAll(/[A-Za-z_]{3,}|\d+/g)].filter(
    ([word]) => !/^(?:def|for|class|const|function|return|print)$/.test(word),
  );
  const word = words.length > 0 ? random.pick(words) : undefined;
  if (!word) return line;
  return `${line.slice(0, word.index)}${word[0]}${random.between(2, 9)}${line.slice(word.index + word[0].length)}`;
}

/** Puts a line, and what belongs to it, into a new level. */
function wrap({ lines, style }: RandomFile, at: number, depth: number): LineEdit | undefined {
  if (style.language === "make") return undefined;
  let end = at + 1;
  while (end < lines.length && (lines[end] as string).startsWith(style.indent.repeat(depth + 1))) end++;
  const wrapped = lines.slice(at, end);
  if (wrapped.some((line) => /"""|`/.test(line) || line.trim() === "") || end - at > 8) return undefined;
  if (style.language === "typescript" && /\{\s*$/.test(lines[at] as string)) end++;
  const own = style.indent.repeat(depth);
  const opener = style.language === "python" ? "if ready:" : style.language === "yaml" ? "inner:" : "if (ready) {";
  const inner = lines.slice(at, end).map((line) => (line === "" ? "" : style.indent + line));
  return { start: at, end, lines: [own + opener, ...inner, ...(style.language === "typescript" ? [`${own}}`] : [])] };
}

/** The file with the edits made: the truth. */
export function withEdits(file: RandomFile, edits: readonly LineEdit[]): RandomFile {
  const lines: string[] = [];
  let at = 0;
  for (const edit of edits) {
    lines.push(...file.lines.slice(at, edit.start), ...edit.lines);
    at = edit.end;
  }
  return { ...file, lines: [...lines, ...file.lines.slice(at)] };
}
