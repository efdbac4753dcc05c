import { contentOf, indentOf, isBlank } from "./blanks";
import { type IndentStyle, isStar, levelSteps, risingSteps } from "./indent-style";
import { NotCarriedOver } from "./not-carried-over";
import { findOpenStrings, type OpenString } from "./written-strings";

/** Spaces that a model writes for a tab. */
const SPACES_FOR_A_TAB = [2, 3, 4, 8];

/** Widths of a level of spaces. */
const WIDTHS = [2, 4];

/** Words at the start of a line that no language but make's has: there a tab is no indentation. */
const MAKEFILE = /^(?:\.PHONY|ifn?eq|ifn?def|endif|-?include|define)\b|^[A-Za-z_]\w* *(?::=|\?=)/;

/** A line of a new block as the answer has it; `isNew` where it is not one of the quoted ones. */
export type WrittenLine = { text: string; isNew: boolean };

/** The surroundings of a block; `isShown`: the answer quotes an indented line, and so knows the file's levels. */
type Place = { style: IndentStyle; openString: OpenString | undefined; isShown?: boolean };

/**
 * Returns the new lines in the file's indentation: tabs in a file that has only those, spaces in one that has no tabs,
 * in the file's own width. Lines already in the file's indentation are unchanged. Throws NotCarriedOver when the depth
 * of a line is uncertain.
 */
export function adaptToStyle(
  lines: readonly WrittenLine[],
  { style, openString, isShown = true }: Place,
  fileLines: () => readonly string[],
): string[] {
  const texts = lines.map(({ text }) => text);
  const open = findOpenStrings(texts, openString);
  const offenders = findForeign(lines, style, open);
  if (style.kind === "none" && isForeignToAll(lines, open, fileLines())) throw notCertain();
  if (offenders.length === 0) return isShown ? texts : inWidth(lines, style, open);
  // Text inside a string is no code: whether it was indented anew with the code around it can't be told.
  if (style.kind === "none" || openString || holdsForeignText(lines, style, open)) throw notCertain();
  if (style.kind === "mixed") {
    if (fileLines().some((line) => indentOf(line) === " " && !isBlank(line) && !isStar(line))) return texts;
    throw notCertain();
  }
  const all = withContinued(lines, offenders, style);
  const indents = all.map((at) => indentOf(texts[at] as string));
  if (style.kind === "spaces") {
    if (indents.every((indent) => indent.includes("\t")) && fileLines().some((line) => MAKEFILE.test(line)))
      return texts;
    if (style.unit === undefined || indents.some((indent) => indent.includes(" "))) throw notCertain();
    return replaceIndents(texts, all, (indent) => " ".repeat(indent.length * (style.unit as number)));
  }
  // After a tab, spaces only align: that is done in files indented by tabs, too.
  if (indents.some((indent) => indent.includes("\t"))) return texts;
  const shown = new Set(risingSteps(texts));
  const widths = SPACES_FOR_A_TAB.filter(
    (width) => shown.has(width) && indents.every((indent) => indent.length % width === 0),
  );
  const [width, another] = widths;
  if (width === undefined || another !== undefined) throw notCertain();
  return replaceIndents(texts, all, (indent) => "\t".repeat(indent.length / width));
}

/** New levels in another width than all of the file's are written in that one. */
function inWidth(
  lines: readonly WrittenLine[],
  style: IndentStyle,
  open: readonly (OpenString | undefined)[],
): string[] {
  const texts = lines.map(({ text }) => text);
  const { kind, unit, isUniform, levelCount } = style;
  if (kind !== "spaces" || unit === undefined || !isUniform) return texts;
  const [width, another] = new Set(levelSteps(texts.filter((_, at) => !open[at])));
  if (width === undefined) {
    const [rise, second] = new Set(risingSteps(texts.filter((_, at) => !open[at])));
    if (rise !== undefined && second === undefined && rise !== unit && WIDTHS.includes(rise)) throw notCertain();
  }
  if (width === undefined || (width === unit && another === undefined)) return texts;
  const indented = lines.flatMap(({ text, isNew }, at) =>
    isNew && !open[at] && !isBlank(text) && indentOf(text) !== "" ? [at] : [],
  );
  const isLevel = (at: number) => indentOf(texts[at] as string).length % width === 0;
  // One level is too little to write others by it.
  if (levelCount < 2) throw notCertain();
  const isText = lines.some(({ text, isNew }, at) => isNew && open[at] && !isBlank(text) && indentOf(text) !== "");
  if (another !== undefined || isText || !indented.every(isLevel)) throw notCertain();
  return replaceIndents(texts, indented, (indent) => " ".repeat((indent.length / width) * unit));
}

/** The places of new lines that are indented by blanks that the file does not indent by. */
function findForeign(
  lines: readonly WrittenLine[],
  style: IndentStyle,
  open: readonly (OpenString | undefined)[],
): number[] {
  const foreign = style.kind === "tabs" ? " " : style.kind === "spaces" ? "\t" : undefined;
  return lines.flatMap(({ text, isNew }, at) => {
    const indent = indentOf(text);
    if (!isNew || isBlank(text) || isStar(text) || open[at]) return [];
    // One space alone is no level in any file: it is what is left of indentation that was collapsed.
    if (indent === " ") return [at];
    return !isContinued(lines, at) && foreign && indent.includes(foreign) ? [at] : [];
  });
}

/**
 * Returns whether new lines are indented by blanks that no line of the file is, where that is indented only in continued
 * lines.
 */
function isForeignToAll(
  lines: readonly WrittenLine[],
  open: readonly (OpenString | undefined)[],
  file: readonly string[],
): boolean {
  const kinds = new Set(file.map(indentOf).flatMap((indent) => [...indent]));
  const [kind, another] = kinds;
  if (kind === undefined || another !== undefined) return false;
  return lines.some(({ text, isNew }, at) => {
    const indent = indentOf(text);
    return isNew && indent !== "" && !isBlank(text) && !isStar(text) && !open[at] && !indent.includes(kind);
  });
}

const isContinued = (lines: readonly WrittenLine[], at: number): boolean =>
  contentOf(lines[at - 1]?.text ?? "").endsWith("\\");

/** Lines that go on from one that is indented anew are, too. */
function withContinued(lines: readonly WrittenLine[], offenders: readonly number[], { kind }: IndentStyle): number[] {
  const foreign = kind === "tabs" ? " " : "\t";
  const all = new Set(offenders);
  for (const [at, { text, isNew }] of lines.entries()) {
    if (isNew && all.has(at - 1) && isContinued(lines, at) && indentOf(text).includes(foreign)) all.add(at);
  }
  return [...all].sort((one, two) => one - two);
}

function holdsForeignText(
  lines: readonly WrittenLine[],
  { kind }: IndentStyle,
  open: readonly (OpenString | undefined)[],
): boolean {
  const foreign = kind === "tabs" ? " " : "\t";
  return lines.some(({ text, isNew }, at) => isNew && open[at] && !isBlank(text) && indentOf(text).includes(foreign));
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
