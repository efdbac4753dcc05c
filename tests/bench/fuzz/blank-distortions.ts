/** Distortions of the blanks in an answer. */
import { apart, type Block, type BlockLine, isInsertion, newOf, oldOf } from "./blocks";
import {
  bare,
  changesBlankLines,
  changesBlanks,
  type Distorted,
  type Distortion,
  type Given,
  indentOf,
  isBlank,
  mapLines,
  placesOf,
  unlessSame,
  withoutTrailing,
} from "./distortion";

/** Returns whether an edit's change is lost where blanks are. */
const isLost = (given: Given): boolean => changesBlanks(given) || changesBlankLines(given);

/** Returns whether lines lose a level: quoted deeper than they are, they then look as in the file. */
const losesLevel = ({ edits }: Given): boolean => edits.some(({ kind }) => kind === "unwrap");

const eitherIf = (isDoubtful: boolean): Distorted["right"] => (isDoubtful ? "either" : "applied");

const commonIndent = (lines: readonly string[]): string => {
  const indents = lines.filter((line) => !isBlank(line)).map(indentOf);
  let common = indents[0] ?? "";
  for (const indent of indents) while (!indent.startsWith(common)) common = common.slice(0, -1);
  return common;
};

const cut = (length: number) => (line: string) => line.slice(Math.min(length, indentOf(line).length));

const inQuotes = (blocks: readonly Block[], change: (block: Block, quoted: string[]) => string[]): Block[] =>
  blocks.map((block) => (isInsertion(block) ? block : apart(block, change(block, oldOf(block)), newOf(block))));

/** All lines lost what they have in common. */
export const dedent: Distortion = (given) => {
  if (changesBlankLines(given)) return undefined;
  const distorted = given.blocks.flatMap((block) =>
    mapLines([block], cut(commonIndent(block.lines.map(({ text }) => text)).length)),
  );
  return unlessSame(given, distorted, eitherIf(changesBlanks(given)));
};

/** The quote alone lost its indentation; texts of search and replace keep their unchanged lines apart. */
export const dedentQuote: Distortion = (given) => {
  if (changesBlankLines(given)) return undefined;
  if (given.format === "unified") return undefined;
  const distorted = inQuotes(given.blocks, (_, quoted) => quoted.map(cut(commonIndent(quoted).length)));
  return unlessSame(given, distorted, eitherIf(changesBlanks(given)));
};

/** All lines stand deeper. */
export const indent: Distortion = (given) => {
  if (changesBlankLines(given)) return undefined;
  const { random, file, blocks } = given;
  const more = random.chance(0.7) ? file.style.indent : file.style.indent.repeat(2);
  const distorted = mapLines(blocks, (line) => (isBlank(line) ? line : more + line));
  return unlessSame(given, distorted, eitherIf(changesBlanks(given) || losesLevel(given)));
};

/** Returns whether code in the file shows how it writes a level: otherwise that is unknown. */
const showsLevel = ({ file }: Given): boolean =>
  file.lines.some((line, at) => line.startsWith(file.style.indent) && !isBlank(line) && !file.inText[at]);

/** Spaces for tabs, tabs for spaces: everywhere, in the quote alone, or in a diff's context alone. */
export const tabs: Distortion = (given) => {
  const { random, file } = given;
  const { indent: unit } = file.style;
  if (!showsLevel(given) || isLost(given)) return undefined;
  const written = unit === "\t" ? " ".repeat(random.pick([4, 4, 2, 8])) : "\t";
  return inPlaces(given, (line) => indentOf(line).replaceAll(unit, written) + line.slice(indentOf(line).length));
};

/** Another width of one level. */
export const width: Distortion = (given) => {
  const { indent: unit } = given.file.style;
  if (unit === "\t" || !showsLevel(given) || isLost(given)) return undefined;
  const written = unit.length === 4 ? "  " : "    ";
  return inPlaces(given, (line) => {
    const old = indentOf(line);
    const levels = Math.floor(old.length / unit.length);
    return written.repeat(levels) + old.slice(levels * unit.length) + line.slice(old.length);
  });
};

/** Where strings and scalars are indented anew, or a file has two styles, what was lost may not be told. */
function inPlaces(given: Given, replace: (line: string) => string): Distorted | undefined {
  const { random, file, blocks, format } = given;
  const unit = file.style.indent;
  const lines = blocks.flatMap((block) => block.lines);
  // Text that stands between levels can't be written in another width, and a file of two styles has a part in each.
  const isOdd = ({ text }: BlockLine) => !isBlank(text) && indentOf(text).replaceAll(unit, "") !== "";
  const isUntouched = ({ text }: BlockLine) => !isBlank(text) && indentOf(text) !== "" && replace(text) === text;
  // A line that goes on from the one before is indented as one likes, and a file that is all new has its own style.
  const isContinued = ({ sign, text }: BlockLine, at: number) =>
    sign === "+" &&
    indentOf(text) !== "" &&
    (lines[at - 1]?.text.endsWith("\\") ?? false) &&
    indentOf(lines[at - 1]?.text ?? "") === "";
  const goes = lines.filter(({ sign, text }) => sign === "-" && indentOf(text) !== "" && !isBlank(text)).length;
  const indented = file.lines.filter((line) => indentOf(line) !== "" && !isBlank(line)).length;
  const isBare = (block: Block) => !oldOf(block).some((line) => indentOf(line) !== "" && !isBlank(line));
  if (file.isMixed && blocks.some(isBare)) return undefined;
  if (lines.some(isContinued) || goes === indented) return undefined;
  const isNewText = (block: Block) =>
    !block.lines.some(({ sign, inText }) => sign !== "+" && inText) &&
    block.lines.some(({ sign, inText, text }) => sign === "+" && inText && replace(text) !== text);
  if (blocks.some(isNewText)) return undefined;
  if (lines.some(isOdd) || (file.isMixed && lines.some(isUntouched))) return undefined;
  const right = eitherIf(file.isMixed || losesLevel(given) || lines.some(({ inText }) => inText));
  // A diff in two widths at once has no meaning that could be told.
  const isWidth = unit !== "\t" && !replace(unit).includes("\t");
  if (isWidth && format === "unified") return unlessSame(given, mapLines(blocks, replace), right);
  if (random.chance(0.5)) return unlessSame(given, mapLines(blocks, replace), right);
  // A diff whose context has other blanks than its changes: they may be the file's, or a change of style.
  if (format === "unified")
    return unlessSame(
      given,
      mapLines(blocks, replace, ({ sign }) => sign === " "),
      right,
    );
  return unlessSame(
    given,
    inQuotes(blocks, (_, quoted) => quoted.map(replace)),
    right,
  );
}

/** Returns whether a new line has several blanks that no quoted line has: once collapsed, they can't be recovered. */
function holdsOwnRuns(blocks: readonly Block[]): boolean {
  const wordsOf = (line: string) => line.trim().split(/[ \t]+/);
  return blocks.some((block) =>
    block.lines.some(({ sign, text }) => {
      if (sign !== "+" || !/[ \t]{2}/.test(text.trim())) return false;
      const words = wordsOf(text);
      return !oldOf(block).some((line) => {
        const old = wordsOf(line);
        const differing = old.filter((word, at) => word !== words[at]).length;
        return words.length > 2 && old.length === words.length && differing < 2;
      });
    }),
  );
}

/** Several blanks inside lines become one. */
export const blanks: Distortion = (given) => {
  if (holdsOwnRuns(given.blocks) || isLost(given) || hasNewTrailing(given)) return undefined;
  return unlessSame(
    given,
    mapLines(given.blocks, (line) => indentOf(line) + bare(line)),
    "applied",
  );
};

/**
 * All runs of blanks become one space, the indentation too. Lines that go, and those of which only words change, keep
 * their place; how deep any other new line was is lost.
 */
export const collapse: Distortion = (given) => {
  // A level that is gone looks as its first line does that is.
  if (holdsOwnRuns(given.blocks) || isLost(given) || hasNewTrailing(given)) return undefined;
  if (losesLevel(given)) return undefined;
  const isText = ({ sign, inText, text }: BlockLine) => sign === "+" && inText && /^[ \t]/.test(text);
  if (given.blocks.some(({ lines }) => lines.some(isText))) return undefined;
  const keepsLines = given.edits.every(({ kind }) => kind === "words" || kind === "delete");
  const distorted = mapLines(given.blocks, (line) => (/^[ \t]/.test(line) ? " " : "") + bare(line));
  return unlessSame(given, distorted, eitherIf(!keepsLines));
};

/** Returns whether new lines have blanks at their ends: a writer who loses those of the quote loses them, too. */
const hasNewTrailing = ({ blocks }: Given): boolean =>
  blocks.some(({ lines }) => lines.some(({ sign, text }) => sign === "+" && withoutTrailing(text) !== text));

/** Blanks behind the quoted lines. */
export const trailing: Distortion = (given) => {
  const { random, blocks, format } = given;
  if (isLost(given) || hasNewTrailing(given)) return undefined;
  if (format === "unified") {
    const distorted = mapLines(
      blocks,
      (line) => `${line} `,
      ({ sign }) => sign === " ",
    );
    return unlessSame(given, distorted, "applied");
  }
  const more = random.pick([" ", "  ", "\t"]);
  return unlessSame(
    given,
    inQuotes(blocks, (_, quoted) => quoted.map((line) => line + more)),
    "applied",
  );
};

/** The quote lost the blanks behind its lines, and those on blank lines; what is new has none. */
export const stripped: Distortion = (given) => {
  if (isLost(given) || hasNewTrailing(given)) return undefined;
  // A search that ends in a blank line is one that ends in a newline.
  const isEnded = (block: Block) => isBlank(oldOf(block).at(-1) ?? "-");
  if (given.format === "search_replace" && given.blocks.some(isEnded)) return undefined;
  return unlessSame(
    given,
    mapLines(
      given.blocks,
      (line) => withoutTrailing(line),
      ({ sign }) => sign !== "+",
    ),
    "applied",
  );
};

/** The texts were trimmed: the first line lost its indentation, the others kept theirs. */
export const trimmed: Distortion = (given) => {
  const { blocks, format, edits } = given;
  if (format === "unified" || isLost(given) || blocks.some(isInsertion)) return undefined;
  const trim = (lines: readonly string[]) =>
    lines
      .join("\n")
      .replace(/^[ \t\n]+|[ \t\n]+$/g, "")
      .split("\n");
  const sides = blocks.flatMap((block) => [oldOf(block), newOf(block)]).filter((lines) => lines.length > 0);
  const isTrimmedInside = (line: string) => isBlank(line) || withoutTrailing(line) !== line;
  if (sides.some((lines) => isTrimmedInside(lines[0] ?? "") || isTrimmedInside(lines.at(-1) ?? ""))) return undefined;
  // Below one quoted line that is trimmed, others may as well stand as deep as it was written.
  if (blocks.some((block) => oldOf(block).length === 1 && newOf(block).length > 1)) return undefined;
  // A line less deep than the first one was can't be told from one that lost as much as the first.
  const isDeep = ([first, ...others]: string[]) =>
    others.every((line) => isBlank(line) || indentOf(line).length >= indentOf(first ?? "").length);
  if (!sides.every(isDeep)) return undefined;
  const distorted = blocks.map((block) =>
    apart(block, trim(oldOf(block)), newOf(block).length > 0 ? trim(newOf(block)) : []),
  );
  const lost = (lines: string[]) => indentOf(lines[0] ?? "");
  if (blocks.some((block) => newOf(block).length > 0 && lost(oldOf(block)) !== lost(newOf(block)))) return undefined;
  const keepsFirst = blocks.every(({ lines }) => lines[0]?.sign === " ") || edits.every(({ kind }) => kind === "words");
  return unlessSame(given, distorted, eitherIf(!keepsFirst));
};

/** Several blank lines of the quote become one, or none. */
export const blankLines: Distortion = (given) => {
  const { random, blocks } = given;
  if (isLost(given) || blocks.some(({ lines }) => lines.some(({ sign, text }) => sign !== " " && isBlank(text)))) {
    return undefined;
  }
  const goes = random.chance(0.5);
  // Beside a change a blank line says on which side of it the change is made.
  const isInside = (lines: readonly BlockLine[], at: number) =>
    lines[at - 1]?.sign === " " && lines[at + 1]?.sign === " ";
  const distorted = blocks.map((block) => ({
    ...block,
    lines: block.lines.filter(
      ({ text }, at, lines) => !isBlank(text) || !isInside(lines, at) || !(goes || isBlank(lines[at - 1]?.text ?? "-")),
    ),
  }));
  // The quote's present place counts.
  if (distorted.some((block) => placesOf(given.file, oldOf(block)).length > 0)) return undefined;
  return unlessSame(given, distorted, "either");
};
