/** Distortions between an answer and the place that it means. */
import { apart, type Block, isInsertion, oldOf } from "./blocks";
import { bare, type Distortion, type Given, isBlank, isSame, placesOf, standsAt } from "./distortion";
import type { LineEdit } from "./edits";
import type { RandomFile } from "./files";
import { nameOf } from "./languages";

/** A quoted line is a part of the file's line. */
export const part: Distortion = ({ random, file, blocks, format }) => {
  const block = random.pick(blocks);
  const quoted = oldOf(block);
  if (quoted.length === 0) return undefined;
  const isFront = random.chance(0.5);
  const at = isFront ? 0 : quoted.length - 1;
  const words = [...(quoted[at] as string).trim().matchAll(/\w+|\W+/g)].map(([word]) => word);
  if (words.length < 2) return undefined;
  const split = random.between(1, words.length - 1);
  const text = (isFront ? words.slice(split) : words.slice(0, split)).join("");
  // The rest may be a whole line elsewhere, or only signs.
  if (!/\w{2}/.test(text) || file.lines.some((each) => bare(each) === bare(text))) return undefined;
  const others = (distorted: Block) => blocks.map((each) => (each === block ? distorted : each));
  if (format !== "unified") {
    const old = quoted.map((each, index) => (index === at ? text : each));
    const young = [...old.slice(0, at), `${text}_new`, ...old.slice(at + 1)];
    return { blocks: others(apart(block, old, young)), right: "refused" };
  }
  const places = block.lines.flatMap(({ sign }, index) => (sign === "+" ? [] : [index]));
  const cut = places[at] as number;
  const lines = block.lines.map((line, index) => (index === cut ? { ...line, text } : line));
  // A context line says where, not what: as `patch` does, one may go by the others.
  return { blocks: others({ ...block, lines }), right: lines[cut]?.sign === " " ? "either" : "refused" };
};

/** The file went on after the answer was made: a quoted line is another one now. */
export const stale: Distortion = ({ random, file, blocks }) => {
  const block = random.pick(blocks);
  let next = block.start;
  const quoted = block.lines.flatMap(({ sign, text }) => {
    const at = sign === "+" ? undefined : next++;
    return at === undefined || isBlank(text) ? [] : [{ at, goes: sign === "-" }];
  });
  if (quoted.length === 0) return undefined;
  const { at, goes } = random.pick(quoted);
  const lines = [...file.lines];
  lines[at] = `${(file.lines[at] as string).trimEnd()} ${nameOf(random)}_stale`;
  const met = { ...file, lines };
  // Where the same lines occur elsewhere, they can't be recognised as stale here.
  const telling = oldOf(block);
  while (isBlank(telling.at(-1) ?? "-")) telling.pop();
  if (placesOf(met, telling).length > 0) return undefined;
  return { blocks, file: met, right: goes ? "refused" : "either" };
};

const endOf = (block: Block): number => block.start + oldOf(block).length;

/** The lines beside the quotes are others now: more, fewer, or changed. What is quoted stands as it did. */
export const near: Distortion = ({ random, file, blocks, edits, format }) => {
  const isFree = (at: number) => blocks.every((block) => at < block.start || at >= endOf(block));
  const beside = blocks.flatMap((block) => [block.start - 1, endOf(block)]);
  // A line that begins or ends a string makes code of text.
  const isText = (line: string) => /"""|`|[/*]\*|\*\/|[|>][-\d]?\s*$/.test(line);
  const places = beside.filter(
    (at) =>
      at >= 0 &&
      at < file.lines.length &&
      isFree(at) &&
      !isBlank(file.lines[at] ?? "") &&
      !isText(file.lines[at] ?? ""),
  );
  if (places.length === 0) return undefined;
  const at = random.pick(places);
  const line = file.lines[at] as string;
  const changed = `${line.trimEnd()} ${nameOf(random)}_stale`;
  const replacement = random.pick([[], [changed], [line, changed], [changed, changed, line]]);
  const shift = replacement.length - 1;
  // An insertion goes by its number: nothing tells that it is off.
  if (shift !== 0 && blocks.some((block) => isInsertion(block) && block.start > at)) return undefined;
  if (file.lines.length + shift === 0) return undefined;
  const met = {
    ...file,
    lines: [...file.lines.slice(0, at), ...replacement, ...file.lines.slice(at + 1)],
    inText: [...file.inText.slice(0, at), ...replacement.map(() => false), ...file.inText.slice(at + 1)],
  };
  // Lines that stand where they are said to be, though they are not meant there: nothing tells that either.
  const isMisled = (block: Block) => shift !== 0 && block.start > at && standsAt(met, oldOf(block), block.start);
  if (blocks.some(isMisled) && format !== "search_replace") return undefined;
  const right = shift !== 0 && blocks.some(isInsertion) ? "either" : "applied";
  return { blocks, file: met, edits: moveEdits(edits, at, shift), right };
};

const moveEdits = (edits: readonly LineEdit[], after: number, shift: number): LineEdit[] =>
  edits.map((edit) => (edit.start > after ? { ...edit, start: edit.start + shift, end: edit.end + shift } : edit));

/** Line numbers are off, or blocks come in another order. */
export const moved: Distortion = (given) => {
  const { file, blocks, format } = given;
  if (format === "search_replace") {
    return blocks.length > 1 ? { blocks: [...blocks].reverse(), right: "applied" } : undefined;
  }
  if (blocks.some(isInsertion)) return undefined;
  const distorted = withNumbersOff(given, blocks);
  return distorted && { blocks: distorted, right: rightOfNumbers(file, blocks, distorted) };
};

/**
 * Undefined where a number can't be written, or where all of the wrong ones are off by the same from lines that are the
 * same: the answer says those then.
 */
function withNumbersOff({ random, file }: Given, blocks: readonly Block[]): Block[] | undefined {
  const off = random.pick([-7, -3, -2, -1, 1, 2, 3, 9, 20]);
  const each = random.chance(0.5);
  const distorted = blocks.map((block) => ({
    ...block,
    start: block.start + (each ? off : off * random.between(1, 2)),
  }));
  if (distorted.some(({ start }) => start < 0)) return undefined;
  const standAll = (more: number) => distorted.every((block) => standsAt(file, oldOf(block), block.start + more));
  if (blocks.length === 1) return standAll(0) ? undefined : distorted;
  for (let more = -file.lines.length; more <= file.lines.length; more++) {
    const isTrue = distorted.every((block, at) => block.start + more === blocks[at]?.start);
    if (!isTrue && standAll(more)) return undefined;
  }
  return distorted;
}

/** Of lines that repeat, wrong numbers tell nothing. */
function rightOfNumbers(file: RandomFile, blocks: readonly Block[], distorted: readonly Block[]) {
  if (blocks.length === 1) {
    const quoted = oldOf(blocks[0] as Block);
    if (placesOf(file, quoted).length === 1) return "applied";
    // An empty last line may be none, to a diff; and one without a newline is the file's last.
    const isTold = isBlank(quoted.at(-1) ?? "") || blocks[0]?.reachesEnd;
    return placesOf(file, quoted, isSame).length > 1 && !isTold ? "refused" : "either";
  }
  const isMisled = (block: Block, at: number) =>
    block.start !== blocks[at]?.start && standsAt(file, oldOf(block), block.start);
  return distorted.some(isMisled) ? "either" : "applied";
}

/** The quoted lines stand at another place, too, and the numbers may be off. */
export const targets: Distortion = (given) => {
  const { random, file, blocks, edits, format } = given;
  const block = random.pick(blocks);
  if (isInsertion(block)) return undefined;
  const quoted = oldOf(block);
  const deeper = random.chance(0.4) ? file.style.indent : "";
  const copy = quoted.map((line) => (isBlank(line) ? line : deeper + line));
  const isAbove = random.chance(0.5);
  const added = isAbove ? [...copy, ""] : ["", ...copy];
  const lines = isAbove ? [...added, ...file.lines] : [...file.lines, ...added];
  const plain = added.map(() => false);
  const met = { ...file, lines, inText: isAbove ? [...plain, ...file.inText] : [...file.inText, ...plain] };
  const shift = isAbove ? added.length : 0;
  const shifted = blocks.map((each) => ({ ...each, start: each.start + shift }));
  const here = { ...given, file: met };
  const isOff = format !== "search_replace" && !blocks.some(isInsertion) && random.chance(0.5);
  const distorted = isOff ? withNumbersOff(here, shifted) : shifted;
  if (!distorted) return undefined;
  // Lines that occur exactly at one place may be taken literally.
  const isCutOff = !isAbove && !file.style.endsInNewline && isBlank(quoted.at(-1) ?? "");
  const isTold =
    deeper !== "" || isCutOff || block.reachesEnd || (format !== "search_replace" && (!isOff || blocks.length > 1));
  return {
    blocks: distorted,
    file: met,
    edits: edits.map((edit) => ({ ...edit, start: edit.start + shift, end: edit.end + shift })),
    right: isTold ? "either" : "refused",
  };
};
