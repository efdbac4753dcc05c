import { indentOf, isBlank } from "./blanks";
import { type IndentStyle, isStar, risingSteps } from "./indent-style";
import { NotCarriedOver } from "./not-carried-over";
import { findOpenStrings } from "./written-strings";

/** Spaces that a model writes for a tab. */
const SPACES_FOR_A_TAB = [2, 3, 4, 8];

/** Words at the start of a line that no language but make's has: there a tab is no indentation. */
const MAKEFILE = /^(?:\.PHONY|ifn?eq|ifn?def|endif|-?include|define)\b|^[A-Za-z_]\w* *(?::=|\?=)/;

/** A line of a new block as the answer has it; `isNew` where it is not one of the quoted ones. */
export type WrittenLine = { text: string; isNew: boolean };

/** The kind of blank that no line of a file of this style is indented by; undefined where both may be. */
export function foreignBlank(style: IndentStyle): " " | "\t" | undefined {
  if (style.kind === "tabs") return " ";
  return style.kind === "spaces" && style.unit ? "\t" : undefined;
}

/**
 * Indents new lines as the file is: with tabs in a file that has only those, with spaces in one that has no tabs. Lines
 * that are indented as the file is stay as they are. Throws NotCarriedOver where the depth of a line is not certain.
 */
export function adaptToStyle(
  lines: readonly WrittenLine[],
  style: IndentStyle,
  fileLines: () => readonly string[],
): string[] {
  const texts = lines.map(({ text }) => text);
  const foreign = foreignBlank(style);
  const isForeign = ({ text, isNew }: WrittenLine) => {
    const indent = indentOf(text);
    return isNew && !isBlank(text) && indent.includes(foreign ?? "none") && indent !== " " && !isStar(text);
  };
  if (!foreign || !lines.some(isForeign)) return texts;
  const open = findOpenStrings(texts);
  const offenders = lines.flatMap((line, at) => (isForeign(line) && !open[at] ? [at] : []));
  if (offenders.length === 0) return texts;
  const indents = offenders.map((at) => indentOf(texts[at] as string));
  if (foreign === "\t") {
    if (fileLines().some((line) => MAKEFILE.test(line))) return texts;
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
