/**
 * The new lines of a block as the file would have them. A model quotes code as it saw it, which differs from the file in
 * blanks at times; its change is a change of the quote, and is carried over to the file's own lines: one consistent shift
 * of the whole block, and the file's own blanks where the change does not touch them. What can't be carried over for
 * certain is refused.
 */
import { contentOf, indentOf, isBlank } from "./blanks";
import { IndentMap, type IndentPair } from "./indent-map";
import { type IndentStyle, isStar } from "./indent-style";
import { type NewLine, newLinesOf, type QuotedBlock } from "./new-lines";
import { NotCarriedOver } from "./not-carried-over";
import { BlankRestorer } from "./restore-blanks";
import { findOpenStrings } from "./written-strings";

/** Which indentation the new lines are written in: that of the quote, or the file's own. */
type Coordinates = "quote" | "file";

/** Returns the lines of each change in the file's form, without line ends. Throws NotCarriedOver. */
export function fileLinesOf(block: QuotedBlock, style: IndentStyle): string[][] {
  const lines = newLinesOf(block);
  const pairs = indentPairs(block);
  if (pairs.every(({ quoted, file }) => quoted === file)) return write(block, lines, indentsAsWritten(lines));
  const texts = lines.map(({ text }) => text);
  const coordinates = coordinatesOf(block, lines);
  const written = [...block.quoted, ...texts];
  const asQuoted = () => indentsByMap(block, lines, new IndentMap(pairs, written, style));
  if (coordinates === "quote") return write(block, lines, asQuoted());
  if (coordinates === "file") return write(block, lines, indentsAsWritten(lines));
  // Nothing tells whose indentation it is: only where both come to the same is it certain.
  const inFile = agreesWithFile(block, lines, style);
  let fromQuote: string[] | undefined;
  try {
    fromQuote = asQuoted();
  } catch (error) {
    if (!(error instanceof NotCarriedOver) || !inFile) throw error;
  }
  const fromFile = indentsAsWritten(lines);
  if (!fromQuote) return write(block, lines, fromFile);
  if (inFile && fromQuote.some((indent, at) => indent !== fromFile[at])) {
    throw new NotCarriedOver("the new lines can be read in two ways of indenting them");
  }
  return write(block, lines, fromQuote);
}

function indentPairs({ quoted, file }: QuotedBlock): IndentPair[] {
  return quoted.flatMap((line, at) =>
    isBlank(line) ? [] : [{ quoted: indentOf(line), file: indentOf(file[at] as string) }],
  );
}

/**
 * Where the first line of the new block begins says whose indentation it has; else the lines do that stand for old ones.
 * Undefined where neither tells.
 */
function coordinatesOf({ quoted, file }: QuotedBlock, lines: readonly NewLine[]): Coordinates | undefined {
  const at = quoted.findIndex((line) => !isBlank(line));
  const firstQuoted = indentOf(quoted[at] ?? "");
  const firstInFile = indentOf(file[at] ?? "");
  const first = lines.find(({ text }) => !isBlank(text));
  if (!first) return "quote";
  const keepsQuote = lines.some(
    ({ kept, text }) => kept !== undefined && !isBlank(text) && indentOf(text) !== indentOf(file[kept] as string),
  );
  if (keepsQuote) return "quote";
  const begins = indentOf(first.text);
  if (firstQuoted !== firstInFile) {
    if (begins === firstQuoted) return "quote";
    if (begins === firstInFile) return "file";
  }
  const partners = lines.flatMap(({ twin, pair, text }) => {
    const old = twin ?? pair;
    if (old === undefined || isBlank(text)) return [];
    const partner = { quoted: indentOf(quoted[old] as string), file: indentOf(file[old] as string) };
    return partner.quoted === partner.file ? [] : [{ ...partner, own: indentOf(text) }];
  });
  const isAll = (side: "quoted" | "file") => partners.length > 0 && partners.every((one) => one.own === one[side]);
  if (isAll("file")) return "file";
  if (isAll("quoted")) return "quote";
  if (firstQuoted === firstInFile) return undefined;
  throw new NotCarriedOver("its new lines begin neither where the quoted ones do nor where they stand in the file");
}

const indentsAsWritten = (lines: readonly NewLine[]): string[] => lines.map(({ text }) => indentOf(text));

/** Whether the new lines may well be in the file's own indentation: in its blanks, and no shallower than the old ones. */
function agreesWithFile({ file }: QuotedBlock, lines: readonly NewLine[], style: IndentStyle): boolean {
  const indents = lines
    .filter(({ kept, text }) => kept === undefined && !isBlank(text))
    .map(({ text }) => indentOf(text));
  const known = new Set(file.map(indentOf));
  const kindFits = (indent: string) =>
    known.has(indent) ||
    (style.kind === "tabs" ? !indent.includes(" ") : style.kind === "spaces" && !indent.includes("\t"));
  const least = Math.min(...file.filter((line) => !isBlank(line)).map((line) => indentOf(line).length));
  return indents.every((indent) => kindFits(indent) && indent.length >= least);
}

function indentsByMap(block: QuotedBlock, lines: readonly NewLine[], map: IndentMap): string[] {
  const firstText = lines.findIndex(({ text }) => !isBlank(text));
  const indents = lines.map((line, at) => {
    if (line.kept !== undefined) return indentOf(block.file[line.kept] as string);
    const indent = indentOf(line.text);
    const written = { indent, isFirst: at === firstText, isStar: isStar(line.text) };
    const mapped = map.map(written) ?? ofItsPair(block, line);
    if (isBlank(line.text)) return indent === "" ? "" : (mapped ?? indent);
    if (mapped === undefined) {
      throw new NotCarriedOver("the indentation of its new lines can't be told from the lines it quotes");
    }
    return mapped;
  });
  refuseFlattened(lines, indents);
  refuseInStrings(lines, indents);
  return indents;
}

/** A line that takes the place of one that the model indents alike stays where that one stood. */
function ofItsPair({ quoted, file }: QuotedBlock, { pair, text }: NewLine): string | undefined {
  if (pair === undefined || indentOf(quoted[pair] as string) !== indentOf(text)) return undefined;
  return contentOf(quoted[pair] as string) === "" ? undefined : indentOf(file[pair] as string);
}

/** A new level that is not indented has lost its indentation: how deep it was can't be told. */
function refuseFlattened(lines: readonly NewLine[], indents: readonly string[]): void {
  let last: number | undefined;
  for (const [at, { text, kept }] of lines.entries()) {
    if (isBlank(text)) continue;
    const opener = last === undefined ? undefined : (lines[last] as NewLine);
    const isNew = opener && (kept === undefined || opener.kept === undefined);
    if (isNew && /[:{]$/.test(contentOf(opener.text)) && !SAME_LEVEL.test(contentOf(text))) {
      if ((indents[at] as string).length <= (indents[last as number] as string).length) {
        throw new NotCarriedOver("its lines have lost their indentation");
      }
    }
    last = at;
  }
}

/** Beginnings of lines that may stand as deep as the line before them that opens a level. */
const SAME_LEVEL = /^(?:[-})\]#*]|\/\/|\/\*|(?:case|default|public|private|protected)\b)/;

/** The indentation of a line inside a string is text: it may only be shifted where a quoted line shows that it was. */
function refuseInStrings(lines: readonly NewLine[], indents: readonly string[]): void {
  const open = findOpenStrings(lines.map(({ text }) => text));
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

function write(block: QuotedBlock, lines: readonly NewLine[], indents: readonly string[]): string[][] {
  const contents = new BlankRestorer(block);
  const written = lines.flatMap((line, at) =>
    line.kept === undefined ? [isBlank(line.text) ? (indents[at] ?? "") : (indents[at] ?? "") + contents.of(line)] : [],
  );
  let from = 0;
  return block.changes.map((change) => {
    const start = from;
    from += change.lines.length;
    return written.slice(start, from);
  });
}
