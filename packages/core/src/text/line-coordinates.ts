/** Decides whether a block's new lines are indented like the quote or like the file. */
import { indentOf, isBlank } from "./blanks";
import type { IndentPair } from "./indent-map";
import { type IndentStyle, isStar } from "./indent-style";
import type { NewLine, QuotedBlock } from "./new-lines";

/** Returns whether the quote was trimmed as a text: only its first line is indented otherwise than in the file. */
export function isTrimmed([first, ...others]: readonly IndentPair[]): boolean {
  const isFirstBare = first !== undefined && first.quoted === "" && first.file !== "";
  return isFirstBare && others.length > 0 && others.every(({ quoted, file }) => quoted === file);
}

export function indentPairs({ quoted, file }: QuotedBlock): IndentPair[] {
  return quoted.flatMap((line, at) =>
    isBlank(line) ? [] : [{ quoted: indentOf(line), file: indentOf(file[at] as string) }],
  );
}

/** Returns whether the new lines may well be in the file's own indentation: in its blanks, at its levels. */
export function isInFileIndents({ file }: QuotedBlock, lines: readonly NewLine[], style: IndentStyle): boolean {
  const known = new Set(file.map(indentOf));
  const width = style.kind === "spaces" ? style.unit : undefined;
  return lines.every(({ text }) => {
    const indent = isStar(text) ? indentOf(text).slice(0, -1) : indentOf(text);
    if (isBlank(text) || indent === "" || known.has(indent) || style.kind === "mixed") return true;
    if (style.kind === "tabs") return !indent.includes(" ");
    return style.kind === "spaces" && !indent.includes("\t") && indent.length % (width ?? 1) === 0;
  });
}

/**
 * Returns the side whose indentation the new lines have: the quote's, or the file's own. Decided by their beginning and
 * by the lines that they share with the old ones; undefined where neither decides, or they contradict each other.
 */
export function coordinatesOf(block: QuotedBlock, lines: readonly NewLine[]): Side | undefined {
  const side = sideOfShared(block, lines);
  // Lines like "}" may be another's; they say nothing for a side, but something against it.
  const all = sharedLines(block, lines, (text) => !isBlank(text));
  const [here, there] = [shiftFrom(all, side ?? "quoted"), shiftFrom(all, side === "file" ? "quoted" : "file")];
  const isContradicted = here === undefined || isLess(here) || (here !== "" && isLess(there));
  return side && isContradicted && all.length > sharedLines(block, lines).length ? undefined : side;
}

function sideOfShared(block: QuotedBlock, lines: readonly NewLine[]): Side | undefined {
  const shared = sharedLines(block, lines);
  const shifts = { quoted: shiftFrom(shared, "quoted"), file: shiftFrom(shared, "file") };
  const explaining = SIDES.filter((side) => shifts[side] !== undefined && !isLess(shifts[side]));
  const isLessElsewhere = SIDES.some((side) => !explaining.includes(side) && isLess(shifts[side]));
  // Lines that lost a level on one side may look as they stand on the other.
  const isPartlyLess = (side: Side) => isLess(shifts[side]) && shared.some((line) => line.own === line[side]);
  if ((isPartlyLess("file") && shifts.quoted !== "") || isPartlyLess("quoted")) return undefined;
  if (shifts.file === "" && isLess(shifts.quoted)) return undefined;
  const first = lines.find(({ text }) => !isBlank(text));
  // A first line that is an old one tells by itself; a new one begins where the old block did.
  const firstOld = first?.twin ?? block.quoted.findIndex((line) => !isBlank(line));
  const begun = pairAt(block, firstOld);
  if (begun.quoted !== begun.file) {
    const begins = indentOf(first?.text ?? "");
    const side = sideOf(begun, begins);
    // After the lines that began the old block are removed, the rest may begin where they did.
    const another = beginsAs(block, lines);
    if (another && another !== side) return undefined;
    return side && explaining.includes(side) ? side : undefined;
  }
  if (shared.length === 0) return coordinatesOfPairs(block, lines);
  if (isLessElsewhere && shifts.quoted !== "") return undefined;
  const [side, another] = explaining;
  if (!another) return side;
  const plain = explaining.filter((one) => shifts[one] === "");
  return plain.length === 1 && shared.length > 1 ? plain[0] : undefined;
}

type SharedLine = IndentPair & { own: string };

/** The new lines that are old ones which the quote indents otherwise than the file. */
const sharedLines = (block: QuotedBlock, lines: readonly NewLine[], isCounted = isTelling): SharedLine[] =>
  lines.flatMap(({ twin, text }) => {
    const pair = twin === undefined ? undefined : pairAt(block, twin);
    return pair && pair.quoted !== pair.file && isCounted(text) ? [{ ...pair, own: indentOf(text) }] : [];
  });

export const isSharedAsInFile = (block: QuotedBlock, lines: readonly NewLine[]): boolean =>
  sharedLines(block, lines).every(({ own, file }) => own === file);

/**
 * Returns the side whose indentation the new block's first line has: that of the old block's first line as quoted, or in
 * the file.
 */
export const beginsAs = (block: QuotedBlock, lines: readonly NewLine[]): Side | undefined =>
  sideOf(
    pairAt(
      block,
      block.quoted.findIndex((line) => !isBlank(line)),
    ),
    indentOf(lines.find(({ text }) => !isBlank(text))?.text ?? ""),
  );

/** Returns the side that `indent` belongs to, where the two differ. */
function sideOf({ quoted, file }: IndentPair, indent: string): Side | undefined {
  if (quoted === file) return undefined;
  return indent === quoted ? "quoted" : indent === file ? "file" : undefined;
}

/** Returns whether the old block begins in the file as it is quoted, and the new one no otherwise. */
export function beginsAsInFile(block: QuotedBlock, lines: readonly NewLine[]): boolean {
  const begun = pairAt(
    block,
    block.quoted.findIndex((line) => !isBlank(line)),
  );
  return begun.quoted === begun.file && indentOf(lines.find(({ text }) => !isBlank(text))?.text ?? "") === begun.file;
}

type Side = "quoted" | "file";
const SIDES: readonly Side[] = ["quoted", "file"];

const isLess = (shift: string | undefined): boolean => shift?.startsWith("-") ?? false;

/**
 * By what lines were indented more ("+") or less ("-") than they were, if they have this side's indentation: "" for not
 * at all, undefined where lines differ in it.
 */
function shiftFrom(shared: readonly SharedLine[], side: Side): string | undefined {
  const shifts = new Set<string>();
  for (const line of shared) {
    const old = line[side];
    if (line.own.startsWith(old)) shifts.add(`+${line.own.slice(old.length)}`);
    else if (old.startsWith(line.own)) shifts.add(`-${old.slice(line.own.length)}`);
    else return undefined;
  }
  shifts.delete("+");
  return shifts.size > 1 ? undefined : ([...shifts][0] ?? "");
}

const pairAt = ({ quoted, file }: QuotedBlock, at: number): IndentPair => ({
  quoted: indentOf(quoted[at] ?? ""),
  file: indentOf(file[at] ?? ""),
});

export const isTelling = (line: string): boolean => /[\p{L}\p{N}_]{2}/u.test(line);

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
