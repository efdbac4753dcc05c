import { contentOf, indentOf, isBlank } from "./blanks";
import { type IndentStyle, isStar, levelSteps, risingSteps } from "./indent-style";
import { NotCarriedOver } from "./not-carried-over";
import { findOpenStrings, type OpenString } from "./written-strings";

/** Spaces that a model writes for a tab. */
const SPACES_FOR_A_TAB = [2, 3, 4, 8];

/** Words at the start of a line that no language but make's has: there a tab is no indentation. */
const MAKEFILE = /^(?:\.PHONY|ifn?eq|ifn?def|endif|-?include|define)\b|^[A-Za-z_]\w* *(?::=|\?=)/;

/** A line of a new block as the answer has it; `isNew` where it is not one of the quoted ones. */
export type WrittenLine = { text: string; isNew: boolean };

/** The surroundings of a block; `isShown`: the answer quotes an indented line, and so knows the file's levels. */
type Place = { style: IndentStyle; openString: OpenString | undefined; isShown?: boolean };

/**
 * Indents new lines as the file is: with tabs in a file that has only those, with spaces in one that has no tabs, by the
 * file's own width. Lines that are indented as the file is stay as they are. Throws NotCarriedOver where the depth of a
 * line is not certain.
 */
export function adaptToStyle(
  lines: readonly WrittenLine[],
  { style, openString, isShown = true }: Place,
  fileLines: () => readonly string[],
): string[] {
  const texts = lines.map(({ text }) => text);
  const open = findOpenStrings(texts, openString);
  const offenders = findForeign(lines, style, open);
  const indents = offenders.map((at) => indentOf(texts[at] as string));
  if (offenders.length === 0) return isShown ? texts : inWidth(lines, style, open);
  if (style.kind === "none") throw notCertain();
  if (style.kind === "spaces") {
    if (indents.every((indent) => indent.includes("\t")) && fileLines().some((line) => MAKEFILE.test(line)))
      return texts;
    if (indents.some((indent) => indent.includes(" "))) throw notCertain();
    return replaceIndents(texts, offenders, (indent) => " ".repeat(indent.length * (style.unit as number)));
  }
  // After a tab, spaces only align: that is done in files indented by tabs, too.
  if (indents.some((indent) => indent.includes("\t"))) return texts;
  const shown = new Set(risingSteps(texts));
  const widths = SPACES_FOR_A_TAB.filter(
    (width) => shown.has(width) && indents.every((indent) => indent.length % width === 0),
  );
  const [width, another] = widths;
  if (width === undefined || another !== undefined) throw notCertain();
  return replaceIndents(texts, offenders, (indent) => "\t".repeat(indent.length / width));
}

/** New levels in another width than all of the file's are written in that one. */
function inWidth(
  lines: readonly WrittenLine[],
  style: IndentStyle,
  open: readonly (OpenString | undefined)[],
): string[] {
  const texts = lines.map(({ text }) => text);
  const { kind, unit, isUniform } = style;
  if (kind !== "spaces" || unit === undefined || !isUniform) return texts;
  const [width, another] = new Set(levelSteps(texts.filter((_, at) => !open[at])));
  if (width === undefined || (width === unit && another === undefined)) return texts;
  const indented = lines.flatMap(({ text, isNew }, at) =>
    isNew && !open[at] && !isBlank(text) && indentOf(text) !== "" ? [at] : [],
  );
  const isLevel = (at: number) => indentOf(texts[at] as string).length % width === 0;
  if (another !== undefined || !indented.every(isLevel)) throw notCertain();
  return replaceIndents(texts, indented, (indent) => " ".repeat((indent.length / width) * unit));
}

/** The places of new lines that are indented by blanks that the file does not indent by. */
function findForeign(
  lines: readonly WrittenLine[],
  style: IndentStyle,
  open: readonly (OpenString | undefined)[],
): number[] {
  const foreign = style.kind === "tabs" ? " " : style.kind === "spaces" && style.unit ? "\t" : undefined;
  return lines.flatMap(({ text, isNew }, at) => {
    const indent = indentOf(text);
    const isContinued = contentOf(lines[at - 1]?.text ?? "").endsWith("\\");
    if (!isNew || isBlank(text) || isStar(text) || open[at] || isContinued) return [];
    // One space alone is no level in any file: it is what is left of indentation that was collapsed.
    const isCollapsed = indent === " " && style.kind !== "mixed";
    return isCollapsed || (foreign && indent.includes(foreign)) ? [at] : [];
  });
}

function replaceIndents(
  texts: readonly string[],
  at: readonly number[],
  replace: (indent: string) => string,
): string[] {
  const replaced = [...texts];
  for (const index of at) {
    const text = texts[index] as string;
    const indent = indentOf(text);
    replaced[index] = replace(indent) + text.slice(indent.length);
  }
  return replaced;
}

const notCertain = (): NotCarriedOver =>
  new NotCarriedOver("its new lines are indented by other blanks than the file, and how deep is not certain");
