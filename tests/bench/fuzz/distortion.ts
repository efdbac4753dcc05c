import type { PatchFormat } from "@redline/core/text/index";
import type { Random } from "../../support/random";
import { type Block, type BlockLine, isInsertion, oldOf } from "./blocks";
import type { LineEdit } from "./edits";
import type { RandomFile } from "./files";
import type { Rendering } from "./render";

/**
 * A distorted answer. `file` is what it meets, where that is not what it was made from, and `edits` the same edits there.
 * `right` says what may come of it:
 *
 * - `applied`: the answer has one right place and one meaning. To refuse it is a loss, and counted.
 * - `either`: a careful reader may apply it as it was meant or refuse it, because what was lost may be told from the rest
 *   or may not be.
 * - `refused`: nothing tells what was meant.
 *
 * Applied otherwise than as it was meant is wrong in all three. A distortion makes no case only where the answer is one
 * that a writer could well have meant as it stands then.
 */
export type Distorted = {
  blocks: Block[];
  file?: RandomFile;
  edits?: LineEdit[];
  rendering?: Partial<Rendering>;
  right: "applied" | "refused" | "either";
};

export type Given = { random: Random; file: RandomFile; edits: LineEdit[]; blocks: Block[]; format: PatchFormat };
/** Returns undefined where it would leave the answer as it is. */
export type Distortion = (given: Given) => Distorted | undefined;

export const indentOf = (line: string): string => /^[ \t]*/.exec(line)?.[0] ?? "";
export const isBlank = (line: string): boolean => /^[ \t]*$/.test(line);
/** A line without its blanks at both ends, and one space for each run inside. */
export const bare = (line: string): string =>
  line
    .split(/[ \t]+/)
    .filter(Boolean)
    .join(" ");

/** Changes the lines for which `where` holds. What quotes nothing is left alone: nothing would tell that it changed. */
export function mapLines(
  blocks: readonly Block[],
  change: (line: string) => string,
  where: (line: BlockLine) => boolean = () => true,
): Block[] {
  return blocks.map((block) =>
    isInsertion(block)
      ? block
      : { ...block, lines: block.lines.map((line) => (where(line) ? { ...line, text: change(line.text) } : line)) },
  );
}

const textOfBlocks = (blocks: readonly Block[]): string =>
  blocks.map(({ lines }) => lines.map(({ text }) => text).join("\n")).join("\n");

/** The case, unless the blocks are what they were. */
export function unlessSame(
  { blocks }: Given,
  distorted: Block[],
  right: Distorted["right"],
  rendering: Partial<Rendering> = {},
): Distorted | undefined {
  const isSame =
    textOfBlocks(blocks) === textOfBlocks(distorted) || blocks.every((block, at) => isSameTexts(block, distorted[at]));
  return isSame ? undefined : { blocks: distorted, right, rendering };
}

const isSameTexts = (one: Block, two: Block | undefined): boolean => {
  const textsOf = (block: Block, sign: "+" | "-") =>
    block.lines.flatMap((line) => (line.sign === sign ? [] : [line.text])).join("\n");
  return two !== undefined && (["+", "-"] as const).every((sign) => textsOf(one, sign) === textsOf(two, sign));
};

type AreAlike = (one: string, two: string) => boolean;

export const isSame: AreAlike = (one, two) => one === two;
const isSameButForBlanks: AreAlike = (one, two) => bare(one) === bare(two);

/** Returns whether the lines are in the file from `start` on. An empty line follows the last one. */
export const standsAt = (
  file: RandomFile,
  lines: readonly string[],
  start: number,
  areAlike = isSameButForBlanks,
): boolean =>
  start >= 0 &&
  lines.every((line, at) => {
    const own = start + at === file.lines.length ? "" : file.lines[start + at];
    return own !== undefined && areAlike(line, own);
  });

/** Returns the lines' places in the file: compared line by line, slowly and plainly. */
export function placesOf(file: RandomFile, lines: readonly string[], areAlike = isSameButForBlanks): number[] {
  const places: number[] = [];
  for (let start = 0; start + lines.length <= file.lines.length + 1; start++)
    if (standsAt(file, lines, start, areAlike)) places.push(start);
  return places;
}

export const hasOnePlace = (file: RandomFile, block: Block): boolean => placesOf(file, oldOf(block)).length === 1;

/** Returns whether an edit changes only the indentation of a line, or the blanks at its end. */
export const changesBlanks = ({ edits }: Given): boolean =>
  edits.some(({ kind, lines }) => kind === "blanks" && lines.some((line) => !isBlank(line)));

/** Returns whether an edit adds or removes a blank line: only blanks may tell which one of several. */
export const changesBlankLines = ({ edits }: Given): boolean =>
  edits.some(({ kind, lines }) => kind === "blanks" && lines.every(isBlank));

export const withoutTrailing = (line: string): string => line.replace(/[ \t]+$/, "");
