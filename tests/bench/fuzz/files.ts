/** Random files as people write them: lines with a depth, and how the file writes depth and line ends. */
import type { Random } from "../../support/random";

export type Language = "python" | "yaml" | "make" | "typescript";
const LANGUAGES: readonly Language[] = ["python", "yaml", "make", "typescript"];

/** `isText` marks a line inside a string: its indentation is content, written as it is. */
export type CodeLine = { depth: number; text: string; isText?: boolean };

export type Style = {
  language: Language;
  indent: string;
  newline: "\n" | "\r\n";
  hasMark: boolean;
  endsInNewline: boolean;
};

export type RandomFile = { style: Style; lines: string[] };

const NAMES = "alpha beta gamma delta items total count path value key name user order price retries limit".split(" ");
const VERBS = "load save check parse send read write merge open close print update".split(" ");

export const nameOf = (random: Random): string =>
  random.chance(0.4) ? `${random.pick(NAMES)}_${random.between(1, 40)}` : random.pick(NAMES);

/** Writes a line as the file would. */
export function writeLine(style: Style, { depth, text, isText }: CodeLine): string {
  return text === "" || isText ? text : style.indent.repeat(depth) + text;
}

export function randomFile(random: Random): RandomFile {
  const language = random.pick(LANGUAGES);
  const indent =
    language === "make"
      ? "\t"
      : language === "yaml"
        ? " ".repeat(random.pick([2, 2, 4]))
        : random.pick(["    ", "    ", "  ", "\t", "\t"]);
  const style: Style = {
    language,
    indent,
    newline: random.chance(0.25) ? "\r\n" : "\n",
    hasMark: random.chance(0.1),
    endsInNewline: random.chance(0.8),
  };
  const code: CodeLine[] = [];
  const target = random.between(4, 45);
  while (code.length < target) code.push(...block(random, language, 0), ...(random.chance(0.6) ? [blank()] : []));
  while (code.at(-1)?.text === "") code.pop();
  const lines = code.map((line) => {
    const written = writeLine(style, line);
    // Blanks that nobody sees: on blank lines, and behind code.
    if (line.isText || language === "make") return written;
    if (written === "" && random.chance(0.08)) return style.indent;
    return random.chance(0.02) ? `${written}  ` : written;
  });
  return { style, lines };
}

const blank = (): CodeLine => ({ depth: 0, text: "" });

/** A top-level block or one at `depth`, with what stands inside. */
export function block(random: Random, language: Language, depth: number): CodeLine[] {
  switch (language) {
    case "python":
      return python(random, depth);
    case "typescript":
      return typescript(random, depth);
    case "yaml":
      return yaml(random, depth);
    case "make":
      return make(random);
  }
}

function python(random: Random, depth: number): CodeLine[] {
  const at = (text: string, deeper = 0): CodeLine => ({ depth: depth + deeper, text });
  if (depth < 3 && random.chance(depth === 0 ? 0.7 : 0.3)) {
    const opener = random.pick([
      `def ${random.pick(VERBS)}_${nameOf(random)}(${nameOf(random)}):`,
      `for ${nameOf(random)} in ${nameOf(random)}:`,
      `if ${nameOf(random)} > ${random.between(0, 9)}:`,
      `class ${nameOf(random).replace(/^./, (first) => first.toUpperCase())}:`,
    ]);
    const docstring = random.chance(0.15)
      ? [at(`"""Does ${nameOf(random)}.`, 1), at(`More ${nameOf(random)}.`, 1), at('"""', 1)]
      : [];
    return [at(opener), ...docstring, ...several(random, () => python(random, depth + 1))];
  }
  if (random.chance(0.06)) {
    return [
      at(`${nameOf(random)} = """`),
      { depth, text: `  ${nameOf(random)}  text`, isText: true },
      { depth, text: '"""', isText: true },
    ];
  }
  return [at(statement(random, ""))];
}

function typescript(random: Random, depth: number): CodeLine[] {
  const at = (text: string, deeper = 0): CodeLine => ({ depth: depth + deeper, text });
  if (depth < 3 && random.chance(depth === 0 ? 0.7 : 0.3)) {
    const opener = random.pick([
      `function ${random.pick(VERBS)}${random.between(1, 60)}(${nameOf(random)}: string) {`,
      `if (${nameOf(random)} > ${random.between(0, 9)}) {`,
      `for (const ${nameOf(random)} of ${nameOf(random)}) {`,
      `const ${nameOf(random)} = {`,
    ]);
    return [at(opener), ...several(random, () => typescript(random, depth + 1)), at("}")];
  }
  if (random.chance(0.05)) {
    return [
      at(`const ${nameOf(random)} = \``),
      { depth, text: `   ${nameOf(random)}`, isText: true },
      { depth, text: "`;", isText: true },
    ];
  }
  return [at(statement(random, ";"))];
}

function yaml(random: Random, depth: number): CodeLine[] {
  const at = (text: string, deeper = 0): CodeLine => ({ depth: depth + deeper, text });
  if (depth < 3 && random.chance(depth === 0 ? 0.7 : 0.35)) {
    return [at(`${nameOf(random)}:`), ...several(random, () => yaml(random, depth + 1))];
  }
  return [
    at(random.chance(0.2) ? `# ${nameOf(random)}: ${random.between(1, 9)}` : `${nameOf(random)}: ${value(random)}`),
  ];
}

function make(random: Random): CodeLine[] {
  if (random.chance(0.3)) return [{ depth: 0, text: `${nameOf(random).toUpperCase()} = ${value(random)}` }];
  const target = `${nameOf(random)}: ${nameOf(random)}.c`;
  const recipes = several(random, () => [
    { depth: 1, text: `${random.pick(["gcc", "cp", "rm", "echo"])} ${nameOf(random)}.${random.pick(["c", "o"])}` },
  ]);
  return [{ depth: 0, text: target }, ...recipes];
}

function several(random: Random, one: () => CodeLine[]): CodeLine[] {
  return Array.from({ length: random.between(1, 4) }, one).flat();
}

/** One statement; some have aligned comments or several blanks in a string. */
export function statement(random: Random, end: string): string {
  const kind = random.next();
  const note = end === ";" ? "//" : "#";
  if (kind < 0.1) return `${nameOf(random)}   = ${value(random)}${end}  ${note} ${nameOf(random)}`;
  if (kind < 0.2) return `print("${nameOf(random)}  ${nameOf(random)}")${end}`;
  if (kind < 0.3) return `return ${nameOf(random)}${end}`;
  if (kind < 0.6) return `${random.pick(VERBS)}(${nameOf(random)}, ${value(random)})${end}`;
  return `${nameOf(random)} = ${nameOf(random)} + ${value(random)}${end}`;
}

export const value = (random: Random): string =>
  random.chance(0.5) ? String(random.between(0, 99)) : `"${nameOf(random)}"`;

/** The file's text: its lines with their ends, a mark before them where it has one. */
export function textOf({ style, lines }: RandomFile): string {
  const text = lines.join(style.newline) + (style.endsInNewline && lines.length > 0 ? style.newline : "");
  return (style.hasMark ? "\uFEFF" : "") + text;
}
