/** Code of four languages as people write it, line by line: with strings over several lines, continued lines, lists. */
import type { Random } from "../../support/random";

export type Language = "python" | "yaml" | "make" | "typescript";
export const LANGUAGES: readonly Language[] = ["python", "yaml", "make", "typescript"];

/** `isText`: the line begins inside a string, a scalar or a comment. `isLiteral`: no depth is written before it. */
export type CodeLine = { depth: number; text: string; isText?: boolean; isLiteral?: boolean };

const NAMES = "alpha beta gamma delta items total count path value key name user order price retries limit".split(" ");
const VERBS = "load save check parse send read write merge open close print update".split(" ");

export const nameOf = (random: Random): string =>
  random.chance(0.4) ? `${random.pick(NAMES)}_${random.between(1, 40)}` : random.pick(NAMES);

const capital = (name: string): string => name.replace(/^./, (first) => first.toUpperCase());

export const value = (random: Random): string =>
  random.chance(0.5) ? String(random.between(0, 99)) : `"${nameOf(random)}"`;

/** Code at a depth, with what stands inside. */
export function randomBlock(random: Random, language: Language, depth: number): CodeLine[] {
  return BLOCKS[language](random, depth);
}

const BLOCKS: Record<Language, (random: Random, depth: number) => CodeLine[]> = { python, typescript, yaml, make };

const several = (random: Random, one: () => CodeLine[]): CodeLine[] =>
  Array.from({ length: random.between(1, 4) }, one).flat();

/** Writes lines below `depth`, and text lines that move with them. */
const linesAt = (depth: number) => ({
  at: (text: string, deeper = 0): CodeLine => ({ depth: depth + deeper, text }),
  text: (text: string, deeper = 0): CodeLine => ({ depth: depth + deeper, text, isText: true }),
  literal: (text: string): CodeLine => ({ depth, text, isText: true, isLiteral: true }),
});

function python(random: Random, depth: number): CodeLine[] {
  const { at, text, literal } = linesAt(depth);
  if (depth < 3 && random.chance(depth === 0 ? 0.7 : 0.3)) {
    const opener = random.pick([
      `def ${random.pick(VERBS)}_${nameOf(random)}(${nameOf(random)}):`,
      `for ${nameOf(random)} in ${nameOf(random)}:`,
      `if ${nameOf(random)} > ${random.between(0, 9)}:`,
      `class ${capital(nameOf(random))}:`,
    ]);
    const docstring = random.chance(0.15)
      ? [
          at(`"""Does ${nameOf(random)}.`, 1),
          text("", 1),
          text(`More ${nameOf(random)}.`, 1),
          text(`- ${nameOf(random)}`, 2),
          text('"""', 1),
        ]
      : [];
    const decorator = random.chance(0.1) ? [at(`@${nameOf(random)}`)] : [];
    const other =
      opener.startsWith("if") && random.chance(0.3)
        ? [at("else:"), ...several(random, () => python(random, depth + 1))]
        : [];
    return [...decorator, at(opener), ...docstring, ...several(random, () => python(random, depth + 1)), ...other];
  }
  const kind = random.next();
  if (kind < 0.05) return [at(`${nameOf(random)} = """`), literal(`  ${nameOf(random)}  text`), literal('"""')];
  if (kind < 0.08) return [at(`${nameOf(random)} = ${nameOf(random)} + \\`), at(`${nameOf(random)}`, 1)];
  if (kind < 0.12)
    return [at(`${random.pick(VERBS)}(`), at(`${nameOf(random)},`, 1), at(`${value(random)},`, 1), at(")")];
  if (kind < 0.15) return [at(`# ${capital(nameOf(random))} uses \`${nameOf(random)}, see ${nameOf(random)}`)];
  return [at(statement(random, ""))];
}

function typescript(random: Random, depth: number): CodeLine[] {
  const { at, text, literal } = linesAt(depth);
  if (depth < 3 && random.chance(depth === 0 ? 0.7 : 0.3)) {
    const opener = random.pick([
      `function ${random.pick(VERBS)}${random.between(1, 60)}(${nameOf(random)}: string) {`,
      `if (${nameOf(random)} > ${random.between(0, 9)}) {`,
      `for (const ${nameOf(random)} of ${nameOf(random)}) {`,
      `const ${nameOf(random)} = {`,
    ]);
    const comment = random.chance(0.1) ? [at("/**"), text(` * Does ${nameOf(random)}.`), text(" */")] : [];
    const other =
      opener.startsWith("if") && random.chance(0.3)
        ? [at("} else {"), ...several(random, () => typescript(random, depth + 1))]
        : [];
    return [...comment, at(opener), ...several(random, () => typescript(random, depth + 1)), ...other, at("}")];
  }
  const kind = random.next();
  if (kind < 0.04) return [at(`const ${nameOf(random)} = \``), literal(`   ${nameOf(random)}`), literal("`;")];
  if (kind < 0.06) {
    const inner = `\${${nameOf(random)}.map((one) => \`${nameOf(random)} \${one}\`)}`;
    return [at(`const ${nameOf(random)} = \`${nameOf(random)}`), text(inner, 1), text(`${nameOf(random)}\`;`, 1)];
  }
  if (kind < 0.1) {
    const tag = random.pick(["div", "ul", "main"]);
    const child = [at(`<${tag} id="${nameOf(random)}">`, 1), at(`<p>{${nameOf(random)}}</p>`, 2), at(`</${tag}>`, 1)];
    return [at("return ("), ...child, at(");")];
  }
  if (kind < 0.13)
    return [
      at(`${nameOf(random)}`),
      at(`.${random.pick(VERBS)}(${value(random)})`, 1),
      at(`.${random.pick(VERBS)}();`, 1),
    ];
  if (kind < 0.15) return [at(`// ${capital(nameOf(random))} uses \`${nameOf(random)}, see ${nameOf(random)}`)];
  return [at(statement(random, ";"))];
}

function yaml(random: Random, depth: number): CodeLine[] {
  const { at, text } = linesAt(depth);
  if (depth < 3 && random.chance(depth === 0 ? 0.7 : 0.35)) {
    return [at(`${nameOf(random)}:`), ...several(random, () => yaml(random, depth + 1))];
  }
  const kind = random.next();
  if (kind < 0.06) {
    const scalar = [
      text(`${nameOf(random)} ${nameOf(random)}`, 1),
      text(`  ${nameOf(random)}`, 1),
      text(nameOf(random), 1),
    ];
    return [at(`${nameOf(random)}: ${random.pick(["|", ">-", "|2"])}`), ...scalar];
  }
  if (kind < 0.12) return [at(`${nameOf(random)}:`), at(`- ${nameOf(random)}`, 1), at(`- ${nameOf(random)}`, 1)];
  if (kind < 0.16)
    return [
      at(`${nameOf(random)}:`),
      at(`- ${nameOf(random)}: ${value(random)}`),
      at(`  ${nameOf(random)}: ${value(random)}`),
    ];
  if (kind < 0.2) return [at(`${nameOf(random)}:   ${value(random)}  # ${nameOf(random)}`)];
  if (kind < 0.35) return [at(`# ${nameOf(random)}: ${random.between(1, 9)}`)];
  return [at(`${nameOf(random)}: ${value(random)}`)];
}

function make(random: Random): CodeLine[] {
  const { at } = linesAt(0);
  const kind = random.next();
  if (kind < 0.25) return [at(`${nameOf(random).toUpperCase()} = ${value(random)}`)];
  if (kind < 0.32) {
    const indent = random.pick(["\t", "      "]);
    return [
      at(`${nameOf(random).toUpperCase()} = ${nameOf(random)}.c \\`),
      at(`${indent}${nameOf(random)}.c \\`),
      at(`${indent}${nameOf(random)}.c`),
    ];
  }
  if (kind < 0.36)
    return [at(`ifeq ($(${nameOf(random).toUpperCase()}),)`), at(`${nameOf(random).toUpperCase()} = 1`), at("endif")];
  if (kind < 0.4) return [at(`# Uses \`${nameOf(random)}, see ${nameOf(random)}`)];
  const recipe = (): CodeLine[] => {
    const command = `${random.pick(["gcc", "cp", "rm", "echo"])} ${nameOf(random)}.${random.pick(["c", "o"])}`;
    return random.chance(0.1) ? [at(`${command} \\`, 1), at(`-o   ${nameOf(random)}`, 2)] : [at(command, 1)];
  };
  return [at(`${nameOf(random)}: ${nameOf(random)}.c`), ...several(random, recipe)];
}

/** One statement; some have aligned comments or several blanks in a string. */
export function statement(random: Random, end: string): string {
  const kind = random.next();
  const note = end === ";" ? "//" : "#";
  if (kind < 0.15) return `${nameOf(random)}   = ${value(random)}${end}  ${note} ${nameOf(random)}`;
  if (kind < 0.3) return `print("${nameOf(random)}  ${nameOf(random)}")${end}`;
  if (kind < 0.36) return `return ${nameOf(random)}${end}`;
  if (kind < 0.65) return `${random.pick(VERBS)}(${nameOf(random)}, ${value(random)})${end}`;
  return `${nameOf(random)} = ${nameOf(random)} + ${value(random)}${end}`;
}
