/**
 * Maps the indentation in which a model quoted a block to the file's own. Every reading that explains all quoted lines
 * is kept; a new line gets an indentation only where all of them agree on it.
 */
import { indentOf, isBlank } from "./blanks";
import { type IndentStyle, levelSteps, opensLevel } from "./indent-style";

/** The indentation of one quoted line, and of the same line in the file. */
export type IndentPair = { quoted: string; file: string };

/** A line that a model wrote: its indentation, whether it is the block's first, and whether it is " * text" of a comment. */
export type WrittenIndent = { indent: string; isFirst: boolean; isStar: boolean };

/** Returns the file's indentation for a written one; undefined where this reading has none. */
type Reading = (written: WrittenIndent) => string | undefined;

/** Widths of a level that are written in practice; a space alone is what is left of collapsed indentation. */
const SPACE_WIDTHS = [2, 3, 4];
const SPACES_FOR_A_TAB = [2, 3, 4, 8];

export class IndentMap {
  private readonly readings: Reading[];
  /** Readings without whose answer there is none: in a file of two styles the others may be right by chance. */
  private readonly needed: Reading[];

  /**
   * @param pairs of all quoted lines with text, in order.
   * @param written the lines that the model wrote, those of the quote and of the new block: they show how wide it writes
   *   a level.
   */
  constructor(
    pairs: readonly IndentPair[],
    { quoted, lines }: { quoted: readonly string[]; lines: readonly string[] },
    style: IndentStyle,
  ) {
    const written = [...quoted, ...lines];
    const shifts = [shiftedDeeper(pairs, style), shiftedBack(pairs, style)];
    const readings = [
      ...shifts,
      firstTrimmed(pairs, lines),
      ...SPACES_FOR_A_TAB.map((width) => seenAlike(pairs, width, style)),
      ...rescaled(pairs, written, style),
    ];
    this.readings = readings.filter((reading) => reading !== undefined);
    this.needed = style.kind === "mixed" ? shifts.filter((reading) => reading !== undefined) : [];
  }

  /** Returns the file's indentation for a written line; undefined where that is not certain. */
  map(written: WrittenIndent): string | undefined {
    if (this.needed.some((reading) => reading(written) === undefined)) return undefined;
    // A reading that has no answer for a line that was written is none of what the model meant.
    const answers = this.readings.map((reading) => reading(written)).filter((answer) => answer !== undefined);
    return answers.every((answer) => answer === answers[0]) ? answers[0] : undefined;
  }
}

/** The quote lost the same blanks in front of every line. */
function shiftedDeeper(pairs: readonly IndentPair[], style: IndentStyle): Reading | undefined {
  const [one] = pairs;
  if (!one?.file.endsWith(one.quoted)) return undefined;
  const lost = one.file.slice(0, one.file.length - one.quoted.length);
  if (!pairs.every(({ quoted, file }) => file === lost + quoted)) return undefined;
  // One space is what is left of any indentation where blanks were collapsed.
  if (lost !== "" && pairs.some(({ quoted }) => quoted === " ")) return undefined;
  // Blanks of the other kind behind the lost ones would mix the two in one indentation.
  const kind = onlyBlank([lost]);
  const isKnown = knownIn(pairs, style);
  return ({ indent, isStar }) => {
    if (lost !== "" && !isKnown(indent)) return undefined;
    const mixes = kind !== undefined && indent !== "" && onlyBlank([indent]) !== kind;
    return mixes && !(isStar && indent === " ") ? undefined : lost + indent;
  };
}

/** The quote has the same blanks too many in front of every line. */
function shiftedBack(pairs: readonly IndentPair[], style: IndentStyle): Reading | undefined {
  const [one] = pairs;
  if (!one?.quoted.endsWith(one.file) || one.quoted === one.file) return undefined;
  const added = one.quoted.slice(0, one.quoted.length - one.file.length);
  if (!pairs.every(({ quoted, file }) => quoted === added + file)) return undefined;
  const isKnown = knownIn(pairs, style);
  return ({ indent }) => (indent.startsWith(added) && isKnown(indent) ? indent.slice(added.length) : undefined);
}

/** In a file of two styles nothing but the indentation of quoted lines is known to be shifted alike. */
function knownIn(pairs: readonly IndentPair[], { kind }: IndentStyle): (indent: string) => boolean {
  if (kind !== "mixed") return () => true;
  const known = new Set(pairs.map(({ quoted }) => quoted));
  return (indent) => known.has(indent);
}

/**
 * The quote looks like the file where a tab is so wide: spaces for tabs, or tabs for spaces. Lines that are in the file's
 * own blanks already stay: a diff's context may be written in others than its changes.
 */
function seenAlike(pairs: readonly IndentPair[], width: number, style: IndentStyle): Reading | undefined {
  const columns = (indent: string) => indent.replaceAll("\t", " ".repeat(width)).length;
  if (!pairs.every(({ quoted, file }) => columns(quoted) === columns(file))) return undefined;
  const known = new Map(pairs.map(({ quoted, file }) => [quoted, file]));
  // In a file of two styles one indentation may stand for two.
  if (!pairs.every(({ quoted, file }) => known.get(quoted) === file)) return undefined;
  const usesTabs =
    style.kind === "tabs" || (style.kind !== "spaces" && pairs.some(({ file }) => file.startsWith("\t")));
  return ({ indent, isStar }) => {
    const seen = known.get(indent);
    if (seen !== undefined) return seen;
    if (usesTabs ? /^\t+ *$/.test(indent) || indent === "" : !indent.includes("\t")) return indent;
    if (!usesTabs) return " ".repeat(columns(indent));
    const rest = columns(indent) % width;
    if (rest === 0 || (rest === 1 && isStar))
      return "\t".repeat(Math.floor(columns(indent) / width)) + " ".repeat(rest);
    return undefined;
  };
}

/** The quote writes a level in another width, and may be shifted by whole levels beside that. */
function rescaled(pairs: readonly IndentPair[], written: readonly string[], style: IndentStyle): Reading[] {
  const quoteBlank = onlyBlank(written.map(indentOf));
  const fileBlank = onlyBlank(pairs.map(({ file }) => file)) ?? (style.kind === "tabs" ? "\t" : " ");
  if (!quoteBlank || quoteBlank === "mixed" || fileBlank === "mixed") return [];
  const unit = fileBlank === "\t" ? 1 : style.kind === "spaces" ? style.unit : undefined;
  const [one] = pairs;
  if (!unit || !one) return [];
  const readings = widthsOf(quoteBlank, fileBlank, written, unit).flatMap((width) => {
    const levels = (indent: string) => indent.length / width;
    const offset = one.file.length / unit - levels(one.quoted);
    const read = (indent: string) => {
      const length = (levels(indent) + offset) * unit;
      return Number.isInteger(length) && length >= 0 ? fileBlank.repeat(length) : undefined;
    };
    const explains = Number.isInteger(offset) && pairs.every(({ quoted, file }) => read(quoted) === file);
    return explains ? [{ read, offset }] : [];
  });
  const unmoved = readings.filter(({ offset }) => offset === 0);
  return (unmoved.length > 0 ? unmoved : readings).map(
    ({ read }) =>
      ({ indent }) =>
        read(indent),
  );
}

/** Returns the numbers of characters that a level may take in the model's text. */
function widthsOf(quoteBlank: string, fileBlank: string, written: readonly string[], unit: number): number[] {
  if (quoteBlank === "\t") return fileBlank === "\t" ? [] : [1];
  const widths = fileBlank === "\t" ? SPACES_FOR_A_TAB : SPACE_WIDTHS.filter((width) => width !== unit);
  const shown = new Set(levelSteps(written));
  const indents = written.filter((line) => !isBlank(line)).map((line) => indentOf(line).length);
  const areMultiples = (width: number) => indents.every((indent) => (indent - (indents[0] ?? 0)) % width === 0);
  const fitting = widths.filter(areMultiples);
  const asShown = fitting.filter((width) => shown.has(width));
  if (asShown.length > 0) return asShown;
  if (fileBlank === "\t") return fitting;
  return shown.has(unit) ? [] : fitting;
}

/** A text that was trimmed before it was sent: its first line lost its indentation, the others have theirs. */
function firstTrimmed(pairs: readonly IndentPair[], lines: readonly string[]): Reading | undefined {
  const [first, ...others] = pairs;
  if (first?.quoted !== "" || first.file === "") return undefined;
  if (!others.every(({ quoted, file }) => quoted === file)) return undefined;
  if (others.length === 0 && !looksTrimmed(lines, first.file)) return undefined;
  return ({ indent, isFirst }) => (isFirst ? (indent === "" ? first.file : undefined) : indent);
}

/** Returns whether the second line would stand as it should below the first one, if that one alone were indented. */
function looksTrimmed(lines: readonly string[], indent: string): boolean {
  const [first, second] = lines.filter((line) => !isBlank(line));
  if (first === undefined || second === undefined || indentOf(first) !== "") return false;
  return opensLevel(first) ? indentOf(second).length > indent.length : indentOf(second).length >= indent.length;
}

function onlyBlank(indents: readonly string[]): "\t" | " " | "mixed" | undefined {
  const all = indents.join("");
  if (all === "") return undefined;
  const hasTabs = all.includes("\t");
  return hasTabs && all.includes(" ") ? "mixed" : hasTabs ? "\t" : " ";
}
