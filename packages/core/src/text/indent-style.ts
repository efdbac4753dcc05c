import { contentOf, indentOf, isBlank } from "./blanks";
import { findOpenStrings } from "./written-strings";

/**
 * A text's indentation. `tabs` and `spaces`: every indented line has it. `unit`: characters of one level, 1 with tabs,
 * undefined where no level can be detected. `isUniform`: no level has another number. `levelCount`: the levels that
 * were observed.
 */
export type IndentStyle = {
  kind: "tabs" | "spaces" | "mixed" | "none";
  unit: number | undefined;
  isUniform: boolean;
  levelCount: number;
};

/** Enough lines to know a file's style by. */
const MAX_LINES = 5_000;

/**
 * Returns the indentation style of a text, from its first lines. Continuation lines and the asterisks of block comments
 * are not counted.
 */
export function readIndentStyle(lineCount: number, lineAt: (at: number) => string): IndentStyle {
  let tabs = 0;
  let spaces = 0;
  let mixed = 0;
  let before = "";
  const telling: string[] = [];
  const lines = Array.from({ length: Math.min(lineCount, MAX_LINES) }, (_, at) => lineAt(at));
  const open = findOpenStrings(lines);
  for (const [at, line] of lines.entries()) {
    if (isBlank(line) || open[at]) continue;
    const indent = indentOf(line);
    const tellsNothing = before.endsWith("\\") || (indent.length < 2 && indent !== "\t") || isStar(line);
    before = contentOf(line);
    telling.push(line);
    if (indent === "" || tellsNothing) continue;
    if (!indent.includes(" ")) tabs++;
    else if (!indent.includes("\t")) spaces++;
    else mixed++;
  }
  if (mixed > 0 || (tabs > 0 && spaces > 0)) return { kind: "mixed", unit: undefined, isUniform: false, levelCount: 0 };
  if (tabs > 0) return { kind: "tabs", unit: 1, isUniform: true, levelCount: tabs };
  if (spaces === 0) return { kind: "none", unit: undefined, isUniform: false, levelCount: 0 };
  const steps = levelSteps(telling);
  return { kind: "spaces", unit: mostCommon(steps), isUniform: new Set(steps).size === 1, levelCount: steps.length };
}

/** Returns whether a line is " * text" of a block comment, which is one space deeper than its level in any file. */
export function isStar(line: string): boolean {
  return indentOf(line).endsWith(" ") && contentOf(line).startsWith("*");
}

/**
 * Returns by how many characters lines are deeper than the line before them, for those that follow a line opening a
 * level.
 */
export function levelSteps(lines: readonly string[]): number[] {
  return stepsAfter(lines, opensLevel);
}

/** Returns by how many characters lines are deeper than the line before them, for those that are. */
export function risingSteps(lines: readonly string[]): number[] {
  return stepsAfter(lines, () => true);
}

/** Steps of one kind of blank only. */
function stepsAfter(lines: readonly string[], isOpener: (line: string) => boolean): number[] {
  const steps: number[] = [];
  let opener: string | undefined;
  for (const line of lines) {
    if (isBlank(line)) continue;
    const indent = indentOf(line);
    if (opener !== undefined && indent.length > opener.length && indent.startsWith(opener)) {
      const step = indent.slice(opener.length);
      if (!step.includes("\t") || !step.includes(" ")) steps.push(step.length);
    }
    opener = isOpener(line) ? indent : undefined;
  }
  return steps;
}

/** Returns whether the lines that follow `line` stand a level deeper: "if x:", "function f() {". */
export function opensLevel(line: string): boolean {
  return /[:{([]$/.test(contentOf(line).slice(-1));
}

function mostCommon(numbers: readonly number[]): number | undefined {
  const counts = new Map<number, number>();
  for (const one of numbers) counts.set(one, (counts.get(one) ?? 0) + 1);
  return [...counts].sort((one, two) => two[1] - one[1] || one[0] - two[0])[0]?.[0];
}
