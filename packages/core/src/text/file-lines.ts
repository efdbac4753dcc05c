/**
 * The new lines of a block as the file would have them. A model quotes code as it saw it, which differs from the file in
 * blanks at times; its change is a change of the quote, and is carried over to the file's own lines: one consistent shift
 * of the whole block, and the file's own blanks where the change does not touch them. What can't be carried over for
 * certain is refused.
 */
import { contentOf, indentOf, isBlank, withoutReturn } from "./blanks";
import { IndentMap, type IndentPair } from "./indent-map";
import { type IndentStyle, isStar } from "./indent-style";
import { alignedLines, type NewLine, newLinesOf, type QuotedBlock } from "./new-lines";
import { NotCarriedOver } from "./not-carried-over";
import { BlankRestorer } from "./restore-blanks";
import { findOpenStrings, type OpenString } from "./written-strings";

/** The surroundings of a block: its file's indentation, and the string that its first line begins inside of. */
export type Surroundings = { style: IndentStyle; openString: OpenString | undefined };

/** Returns the lines of the whole new block in the file's form, without line ends. Throws NotCarriedOver. */
export function fileLinesOf(block: QuotedBlock, surroundings: Surroundings): string[] {
  const { style } = surroundings;
  const pairs = indentPairs(block);
  const inQuote = newLinesOf(block);
  if (pairs.every(({ quoted, file }) => quoted === file)) return write(block, inQuote, indentsAsWritten(inQuote));
  const asQuoted = attempt(() => write(block, inQuote, indentsByMap(block, inQuote, pairs, surroundings)));
  const inFile = alignedLines(block, inQuote);
  if (!isInFileIndents(block, inFile, style) || isTrimmed(pairs)) return taken(asQuoted);
  const asInFile = attempt(() => write(block, inFile, indentsAsWritten(inFile)));
  const isSame =
    Array.isArray(asQuoted) && Array.isArray(asInFile) && asQuoted.every((line, at) => line === asInFile[at]);
  if (isSame) return asQuoted;
  switch (coordinatesOf(block, inFile)) {
    case "quoted":
      return taken(asQuoted);
    case "file":
      return taken(asInFile);
    default:
      if (!Array.isArray(asQuoted)) return taken(beginsAsInFile(block, inFile) ? asInFile : asQuoted);
      throw new NotCarriedOver("the new lines can be read in two ways of indenting them");
  }
}

/** Whether the quote was trimmed as a text: only its first line is indented otherwise than in the file. */
function isTrimmed([first, ...others]: readonly IndentPair[]): boolean {
  const isFirstBare = first !== undefined && first.quoted === "" && first.file !== "";
  return isFirstBare && others.length > 0 && others.every(({ quoted, file }) => quoted === file);
}

function attempt(work: () => string[]): string[] | NotCarriedOver {
  try {
    return work();
  } catch (error) {
    if (error instanceof NotCarriedOver) return error;
    throw error;
  }
}

function taken(result: string[] | NotCarriedOver): string[] {
  if (Array.isArray(result)) return result;
  throw result;
}

function indentPairs({ quoted, file }: QuotedBlock): IndentPair[] {
  return quoted.flatMap((line, at) =>
    isBlank(line) ? [] : [{ quoted: indentOf(line), file: indentOf(file[at] as string) }],
  );
}

const indentsAsWritten = (lines: readonly NewLine[]): string[] => lines.map(({ text }) => indentOf(text));

/** Whether the new lines may well be in the file's own indentation: in its blanks, at its levels. */
function isInFileIndents({ file }: QuotedBlock, lines: readonly NewLine[], style: IndentStyle): boolean {
  const known = new Set(file.map(indentOf));
  const width = style.kind === "spaces" ? style.unit : undefined;
  return lines.every(({ text }) => {
    const indent = indentOf(text);
    if (isBlank(text) || known.has(indent)) return true;
    if (style.kind === "tabs") return !indent.includes(" ");
    return style.kind === "spaces" && !indent.includes("\t") && indent.length % (width ?? 1) === 0;
  });
}

/**
 * Whose indentation the new lines have: that of the quote, or the file's own. Where they begin tells, and the lines that
 * they share with the old ones; undefined where neither does, or they contradict each other.
 */
function coordinatesOf(block: QuotedBlock, lines: readonly NewLine[]): Side | undefined {
  const shared = lines.flatMap(({ twin, text }) => {
    const pair = twin === undefined ? undefined : pairAt(block, twin);
    return pair && pair.quoted !== pair.file && isTelling(text) ? [{ ...pair, own: indentOf(text) }] : [];
  });
  const explaining = (["quoted", "file"] as const).filter((side) => extraLevels(shared, side) !== undefined);
  const first = lines.find(({ text }) => !isBlank(text));
  // A first line that is an old one tells by itself; a new one begins where the old block did.
  const firstOld = first?.twin ?? block.quoted.findIndex((line) => !isBlank(line));
  const begun = pairAt(block, firstOld);
  if (begun.quoted !== begun.file) {
    const begins = indentOf(first?.text ?? "");
    const side = begins === begun.quoted ? "quoted" : begins === begun.file ? "file" : undefined;
    return side && explaining.includes(side) ? side : undefined;
  }
  if (shared.length === 0) return coordinatesOfPairs(block, lines);
  const [side, another] = explaining;
  if (!another) return side;
  const plain = explaining.filter((one) => extraLevels(shared, one) === 0);
  return plain.length === 1 && shared.length > 1 ? plain[0] : undefined;
}

/** Whether the old block begins in the file as it is quoted, and the new one no otherwise. */
function beginsAsInFile(block: QuotedBlock, lines: readonly NewLine[]): boolean {
  const begun = pairAt(
    block,
    block.quoted.findIndex((line) => !isBlank(line)),
  );
  return begun.quoted === begun.file && indentOf(lines.find(({ text }) => !isBlank(text))?.text ?? "") === begun.file;
}

type Side = "quoted" | "file";

/** In how many levels lines were wrapped, if they have this side's indentation; undefined where that explains them not. */
function extraLevels(shared: readonly (IndentPair & { own: string })[], side: Side): number | undefined {
  const extra = new Set<string>();
  for (const line of shared) {
    if (!line.own.startsWith(line[side])) return undefined;
    extra.add(line.own.slice(line[side].length));
  }
  extra.delete("");
  return extra.size > 1 ? undefined : extra.size;
}

const pairAt = ({ quoted, file }: QuotedBlock, at: number): IndentPair => ({
  quoted: indentOf(quoted[at] ?? ""),
  file: indentOf(file[at] ?? ""),
});

const isTelling = (line: string): boolean => /[\p{L}\p{N}_]{2}/u.test(line);

/** Lines that take the place of old ones, one for one, are indented as those are quoted or as they stand. */
function coordinatesOfPairs(block: QuotedBlock, lines: readonly NewLine[]): Side | undefined {
  const pairs = lines.flatMap(({ pair, text }) => {
    const old = pair === undefined || isBlank(text) ? undefined : pairAt(block, pair);
    return old && old.quoted !== old.file ? [{ ...old, own: indentOf(text) }] : [];
  });
  if (pairs.length === 0) return undefined;
  if (pairs.every(({ own, quoted }) => own === quoted)) return "quoted";
  return pairs.every(({ own, file }) => own === file) ? "file" : undefined;
}

function indentsByMap(
  block: QuotedBlock,
  lines: readonly NewLine[],
  pairs: readonly IndentPair[],
  { style, openString }: Surroundings,
): string[] {
  const texts = lines.map(({ text }) => text);
  const map = new IndentMap(pairs, { quoted: block.quoted, lines: texts }, style);
  const firstText = lines.findIndex(({ text }) => !isBlank(text));
  const indents = lines.map((line, at) => {
    if (line.kept !== undefined) return indentOf(block.file[line.kept] as string);
    const indent = indentOf(line.text);
    const isFirst = at === firstText;
    if (isFirst && isTrimmed(pairs) && (line.twin ?? line.pair ?? 0) > 0) {
      throw new NotCarriedOver("its first line lost its indentation");
    }
    const written = { indent, isFirst, isStar: isStar(line.text) };
    const mapped = map.map(written) ?? ofItsPair(block, line);
    if (isBlank(line.text)) return indent === "" ? "" : (mapped ?? indent);
    if (mapped === undefined) {
      throw new NotCarriedOver("the indentation of its new lines can't be told from the lines it quotes");
    }
    return mapped;
  });
  const open = findOpenStrings(texts, openString);
  refuseUnlikely(lines, indents, open, style);
  refuseInStrings(lines, indents, open);
  return indents;
}

const isSameBlank = ({ quoted }: QuotedBlock, { pair, text }: NewLine): boolean =>
  pair !== undefined && withoutReturn(quoted[pair] as string) === text;

/** A line that takes the place of one that the model indents alike stays where that one stood. */
function ofItsPair({ quoted, file }: QuotedBlock, { pair, text }: NewLine): string | undefined {
  if (pair === undefined || indentOf(quoted[pair] as string) !== indentOf(text)) return undefined;
  return contentOf(quoted[pair] as string) === "" ? undefined : indentOf(file[pair] as string);
}

/**
 * New lines that stand deeper or less deep than the line before them allows show that they were not written in the
 * quote's indentation: a new level that is not indented, a line that is indented though nothing opens a level.
 */
function refuseUnlikely(
  lines: readonly NewLine[],
  indents: readonly string[],
  open: readonly (OpenString | undefined)[],
  style: IndentStyle,
): void {
  let last: number | undefined;
  for (const [at, { text, kept }] of lines.entries()) {
    if (isBlank(text) || open[at]) continue;
    const before = last === undefined ? undefined : (lines[last] as NewLine);
    const isNew = before && (kept === undefined || before.kept === undefined);
    if (isNew) {
      const [shallow, deep] = [indents[last as number] as string, indents[at] as string];
      const isFlat = deep.length <= shallow.length;
      const isLevel = /[:{]$/.test(contentOf(before.text));
      if (isLevel && isFlat && !SAME_LEVEL.test(contentOf(text))) {
        throw new NotCarriedOver("its lines have lost their indentation");
      }
      const unit = deep.includes("\t") ? 1 : style.unit;
      const isTooDeep = isLevel && unit !== undefined && deep.length - shallow.length > unit;
      const isRecipe = deep === `${shallow}\t` && contentOf(before.text).includes(":");
      const mayBeDeeper = isLevel || isRecipe || continues(contentOf(before.text), contentOf(text));
      if (deep !== indentOf(text) && !isFlat && (isTooDeep || !mayBeDeeper)) {
        throw new NotCarriedOver("its new lines are indented otherwise than the lines it quotes");
      }
    }
    last = at;
  }
}

/** Whether `line` may stand deeper than the one before it: as a part of the same statement, or of a block without a sign. */
function continues(before: string, line: string): boolean {
  return /[([,\\=|>&+*/?<%:-]$|^</.test(before) || WORDS_THAT_OPEN.test(before) || /^[-.?:&|+*/%<=)\]}]/.test(line);
}

/** Words by which other languages than those with brackets open a level. */
const WORDS_THAT_OPEN =
  /^(?:begin|case|class|def|do|else|elsif|ensure|for|from|function|if|local|loop|module|proc|repeat|rescue|select|sub|then|try|unless|until|when|where|while|with)\b|\b(?:begin|do|of|then|where)$/i;

/** Beginnings of lines that may stand as deep as the line before them that opens a level. */
const SAME_LEVEL = /^(?:[-})\]#*]|\/\/|\/\*|(?:case|default|public|private|protected)\b)/;

/** The indentation of a line inside a string is text: it may only be shifted where a quoted line shows that it was. */
function refuseInStrings(
  lines: readonly NewLine[],
  indents: readonly string[],
  open: readonly (OpenString | undefined)[],
): void {
  const shown = new Set(open.flatMap((one, at) => (one && isQuotedText(lines[at]) ? [one.opened] : [])));
  for (const [at, one] of open.entries()) {
    const { text, kept } = lines[at] as NewLine;
    if (!one || kept !== undefined || isBlank(text) || shown.has(one.opened)) continue;
    if (indents[at] === indentOf(text)) continue;
    const opener = indentOf(lines[one.opened]?.text ?? "");
    if (one.isDocstring && indentOf(text).startsWith(opener)) continue;
    throw new NotCarriedOver("a line inside a string would have to be indented anew, and that changes the string");
  }
}

const isQuotedText = (line: NewLine | undefined): boolean => line?.kept !== undefined && !isBlank(line.text);

/** The lines with the indentation given; kept ones as the file has them. */
function write(block: QuotedBlock, lines: readonly NewLine[], indents: readonly string[]): string[] {
  const contents = new BlankRestorer(block);
  return lines.map((line, at) => {
    if (line.kept !== undefined) return block.file[line.kept] as string;
    if (isBlank(line.text) && isSameBlank(block, line)) return block.file[line.pair as number] as string;
    return isBlank(line.text) ? (indents[at] ?? "") : (indents[at] ?? "") + contents.of(line);
  });
}
