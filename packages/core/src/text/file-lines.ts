/**
 * The new lines of a block as the file would have them. A model quotes code as it saw it, which differs from the file in
 * blanks at times; its change is a change of the quote, and is carried over to the file's own lines: one consistent shift
 * of the whole block, and the file's own blanks where the change does not touch them. What can't be carried over for
 * certain is refused.
 */
import { contentOf, indentOf, isBlank, withoutReturn } from "./blanks";
import { IndentMap, type IndentPair } from "./indent-map";
import { type IndentStyle, isStar } from "./indent-style";
import {
  beginsAs,
  beginsAsInFile,
  coordinatesOf,
  indentPairs,
  isInFileIndents,
  isSharedAsInFile,
  isTelling,
  isTrimmed,
} from "./line-coordinates";
import { alignedLines, type NewLine, newLinesOf, type QuotedBlock } from "./new-lines";
import { NotCarriedOver } from "./not-carried-over";
import { BlankRestorer } from "./restore-blanks";
import { ChanceMatches, refuseInStrings, refuseUnlikely } from "./unlikely-lines";
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
  // A diff is written in one way of indenting, quote and change alike.
  if (!block.isCompared || isTrimmed(pairs)) return taken(asQuoted);
  const inFile = alignedLines(block, inQuote);
  const asInFile = attempt(() => write(block, inFile, indentsAsWritten(inFile)));
  const isSame =
    Array.isArray(asQuoted) && Array.isArray(asInFile) && asQuoted.every((line, at) => line === asInFile[at]);
  if (isSame) return asQuoted;
  if (!isInFileIndents(block, inFile, style)) {
    if (beginsAs(block, inFile) === "file") throw new NotCarriedOver("its new lines are indented in two ways");
    return taken(asQuoted);
  }
  switch (coordinatesOf(block, inFile)) {
    case "quoted":
      return taken(asQuoted);
    case "file":
      return taken(asInFile);
    default:
      if (!Array.isArray(asQuoted)) {
        return taken(beginsAsInFile(block, inFile) && isSharedAsInFile(block, inFile) ? asInFile : asQuoted);
      }
      throw new NotCarriedOver("the new lines can be read in two ways of indenting them");
  }
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

const indentsAsWritten = (lines: readonly NewLine[]): string[] => lines.map(({ text }) => indentOf(text));

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

/** The lines with the indentation given; kept ones as the file has them. */
function write(block: QuotedBlock, lines: readonly NewLine[], indents: readonly string[]): string[] {
  const chance = new ChanceMatches(block, lines);
  const old = block.quoted.filter(isTelling).length;
  const stays = lines.filter(({ text, kept, twin }) => isTelling(text) && (kept ?? twin) !== undefined).length;
  const contents = new BlankRestorer(block, old > 3 && 2 * stays < old);
  return lines.map((line, at) => {
    if (line.kept !== undefined) {
      if (block.isCompared || line.isGuess) chance.refuse(at, line.kept);
      return block.file[line.kept] as string;
    }
    if (isBlank(line.text) && isSameBlank(block, line)) {
      chance.refuse(at, line.pair as number);
      return block.file[line.pair as number] as string;
    }
    return isBlank(line.text) ? (indents[at] ?? "") : (indents[at] ?? "") + contents.of(line);
  });
}
