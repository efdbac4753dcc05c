/** Random files as people write them: lines with a depth, and how the file writes depth and line ends. */
import type { Random } from "../../support/random";
import { type CodeLine, type Language, randomBlock } from "./languages";

export type Style = {
  language: Language;
  indent: string;
  newline: "\n" | "\r\n";
  hasMark: boolean;
  endsInNewline: boolean;
};

/** `inText[i]` tells that line i begins inside a string, a scalar or a comment: its indentation is not code's. */
export type RandomFile = { style: Style; lines: string[]; inText: boolean[]; isMixed: boolean };

/** Writes a line as the file would. */
export function writeLine(style: Style, { depth, text, isLiteral }: CodeLine): string {
  return text === "" || isLiteral ? text : style.indent.repeat(depth) + text;
}

export function randomFile(random: Random, language: Language): RandomFile {
  const indents = {
    make: ["\t"],
    yaml: ["  ", "  ", "    "],
    python: ["    ", "    ", "  ", "\t", "\t"],
    typescript: ["    ", "  ", "  ", "\t", "\t"],
  };
  const style: Style = {
    language,
    indent: random.pick(indents[language]),
    newline: random.chance(0.25) ? "\r\n" : "\n",
    hasMark: random.chance(0.1),
    endsInNewline: random.chance(0.8),
  };
  const code = randomCode(random, language);
  // Some files were written by two hands: a part of them is indented otherwise.
  const other = random.chance(0.04) && language !== "yaml" ? (style.indent === "\t" ? "    " : "\t") : undefined;
  const otherFrom = random.between(0, code.length);
  const lines = code.map((line, at) => {
    const written = writeLine(other && at > otherFrom ? { ...style, indent: other } : style, line);
    // Invisible blanks: on blank lines, and behind code.
    if (line.isText || language === "make") return written;
    if (written === "" && random.chance(0.08)) return style.indent;
    return random.chance(0.02) && !written.endsWith("\\") ? `${written}  ` : written;
  });
  const inText = code.map(({ isText }) => isText === true);
  const isShown = (indent: string) =>
    lines.some((line, at) => line.startsWith(indent) && line.trim() !== "" && !inText[at]);
  // A style that no line shows is not the file's.
  if (other && !(isShown(style.indent) && isShown(other))) return randomFile(random, language);
  // One line without an end says nothing of how lines end.
  if (lines.length === 1 && !style.endsInNewline) style.newline = "\n";
  return { style, lines, inText, isMixed: other !== undefined };
}

function randomCode(random: Random, language: Language): CodeLine[] {
  const code: CodeLine[] = [];
  const target = random.chance(0.03) ? 1 : random.between(4, 45);
  let last: CodeLine[] = [];
  while (code.length < target) {
    // People copy blocks, and whole ones repeat.
    const repeats = last.length > 0 && random.chance(0.06);
    last = repeats
      ? last
      : target === 1
        ? randomBlock(random, language, 0).slice(0, 1)
        : randomBlock(random, language, 0);
    code.push(...last, ...(random.chance(0.6) ? blankLines(random) : []));
    // A page break stands alone on its line.
    if (random.chance(0.01)) code.push({ depth: 0, text: "\f", isText: true });
  }
  while (code.length > 1 && code.at(-1)?.text === "") code.pop();
  return code;
}

const blankLines = (random: Random): CodeLine[] =>
  Array.from({ length: random.pick([1, 1, 1, 2]) }, () => ({ depth: 0, text: "" }));

/** The file's text: its lines with their ends, a mark before them where it has one. */
export function textOf({ style, lines }: RandomFile): string {
  const text = lines.join(style.newline) + (style.endsInNewline && lines.length > 0 ? style.newline : "");
  return (style.hasMark ? "\uFEFF" : "") + text;
}
