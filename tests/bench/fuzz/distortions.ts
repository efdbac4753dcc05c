/** What goes wrong between a change and the answer that holds it. */
import type { PatchFormat } from "@redline/core/text/index";
import type { Random } from "../../support/random";
import { type Block, type BlockLine, newOf, oldOf } from "./blocks";
import { nameOf, type RandomFile } from "./files";

/**
 * A distorted answer. `file` is what it meets, where that is not what it was made from. `right` says what may come of it:
 * `applied` where the answer still has one right place and meaning, `refused` where it has none, `either` where a careful
 * reader may go both ways; applied otherwise than as meant is wrong in all three.
 */
export type Distorted = { blocks: Block[]; file?: RandomFile; right: "applied" | "refused" | "either" };

type Given = { random: Random; file: RandomFile; blocks: Block[]; format: PatchFormat };
/** Returns undefined where it would leave the answer as it is. */
type Distortion = (given: Given) => Distorted | undefined;

const indentOf = (line: string): string => /^[ \t]*/.exec(line)?.[0] ?? "";
const isBlank = (line: string): boolean => line.trim() === "";
/** A line without its blanks at both ends, and one space for each run inside. */
export const bare = (line: string): string =>
  line
    .split(/[ \t]+/)
    .filter(Boolean)
    .join(" ");

/** Distorts the lines of all blocks; those for which `where` holds. */
function mapLines(
  blocks: readonly Block[],
  change: (line: string) => string,
  where: (line: BlockLine) => boolean,
): Block[] {
  return blocks.map((block) => ({
    ...block,
    lines: block.lines.map((line) => (where(line) ? { ...line, text: change(line.text) } : line)),
  }));
}

const everywhere = () => true;
const inQuote = ({ sign }: BlockLine) => sign !== "+";

const changed = (one: readonly Block[], two: readonly Block[]): boolean =>
  one.some((block, at) => block.lines.some((line, index) => line.text !== two[at]?.lines[index]?.text));

/** Distorts each block by itself. */
function eachBlock(blocks: readonly Block[], change: (block: Block) => Block): Block[] {
  return blocks.map(change);
}

const commonIndent = (lines: readonly string[]): string => {
  const indents = lines.filter((line) => !isBlank(line)).map(indentOf);
  let common = indents[0] ?? "";
  for (const indent of indents) while (!indent.startsWith(common)) common = common.slice(0, -1);
  return common;
};

const cut = (length: number) => (line: string) => line.slice(Math.min(length, indentOf(line).length));

function dedent({ blocks }: Given): Distorted | undefined {
  const distorted = eachBlock(blocks, (block) => {
    const common = commonIndent(block.lines.map(({ text }) => text));
    return mapLines([block], cut(common.length), everywhere)[0] as Block;
  });
  return changed(blocks, distorted) ? { blocks: distorted, right: "applied" } : undefined;
}

/** The quote alone lost its indentation; search and replace texts keep their kept lines apart. */
function dedentQuote({ blocks, format }: Given): Distorted | undefined {
  if (format === "unified") return undefined;
  const distorted = eachBlock(blocks, (block) => {
    const quoted = oldOf(block);
    const common = commonIndent(quoted).length;
    return apart(quoted.map(cut(common)), newOf(block), block.start);
  });
  return changedQuotes(blocks, distorted) ? { blocks: distorted, right: "applied" } : undefined;
}

/** A block whose old and new lines have nothing in common, as texts of search and replace stand apart. */
const apart = (old: readonly string[], young: readonly string[], start: number): Block => ({
  start,
  lines: [...old.map((text) => ({ sign: "-" as const, text })), ...young.map((text) => ({ sign: "+" as const, text }))],
});

const changedQuotes = (one: readonly Block[], two: readonly Block[]): boolean =>
  one.some((block, at) => oldOf(block).join("\n") !== oldOf(two[at] as Block).join("\n"));

function indent({ random, file, blocks }: Given): Distorted | undefined {
  const more = random.chance(0.7) ? file.style.indent : file.style.indent.repeat(2);
  return { blocks: mapLines(blocks, (line) => (isBlank(line) ? line : more + line), everywhere), right: "applied" };
}

const holdsString = (blocks: readonly Block[]): boolean =>
  blocks.some((block) => block.lines.some(({ text }) => /"""|`/.test(text) || /^ +\w+ +text$|^ {3}\w+$/.test(text)));

/** Spaces for tabs, tabs for spaces: everywhere, in the quote alone, or in a diff's context alone. */
function tabs({ random, file, blocks, format }: Given): Distorted | undefined {
  const { indent: unit } = file.style;
  // A file without a level says nothing of how it would write one.
  if (holdsString(blocks) || !file.lines.some((line) => line.startsWith(unit) && !isBlank(line))) return undefined;
  const written = unit === "\t" ? " ".repeat(random.pick([4, 4, 2, 8])) : "\t";
  const replace = (line: string) => {
    const old = indentOf(line);
    return old.replaceAll(unit, written) + line.slice(old.length);
  };
  return inPlaces(random, blocks, format, replace);
}

function inPlaces(
  random: Random,
  blocks: Block[],
  format: PatchFormat,
  replace: (line: string) => string,
): Distorted | undefined {
  if (random.chance(0.5)) {
    const all = mapLines(blocks, replace, everywhere);
    return changed(blocks, all) ? { blocks: all, right: "applied" } : undefined;
  }
  if (format === "unified") {
    const context = mapLines(blocks, replace, ({ sign }) => sign === " ");
    return changed(blocks, context) ? { blocks: context, right: "applied" } : undefined;
  }
  const quotes = blocks.map((block) => apart(oldOf(block).map(replace), newOf(block), block.start));
  return changedQuotes(blocks, quotes) ? { blocks: quotes, right: "applied" } : undefined;
}

/** Another width of one level. */
function width({ random, file, blocks, format }: Given): Distorted | undefined {
  const { indent: unit } = file.style;
  if (unit === "\t" || holdsString(blocks) || !file.lines.some((line) => line.startsWith(unit) && !isBlank(line)))
    return undefined;
  const written = unit.length === 4 ? "  " : "    ";
  const replace = (line: string) => {
    const old = indentOf(line);
    return written.repeat(old.length / unit.length) + line.slice(old.length);
  };
  // A diff in two widths at once has no meaning that could be told.
  if (format === "unified") {
    const all = mapLines(blocks, replace, everywhere);
    return changed(blocks, all) ? { blocks: all, right: "applied" } : undefined;
  }
  return inPlaces(random, blocks, format, replace);
}

/** Whether a new line has several blanks that no quoted line has: where those are collapsed, the truth is lost. */
function holdsOwnRuns(blocks: readonly Block[]): boolean {
  const wordsOf = (line: string) => line.trim().split(/[ \t]+/);
  const isOwn = (block: Block, { sign, text }: BlockLine) => {
    if (sign !== "+" || !/[ \t]{2}/.test(text.trim())) return false;
    const words = wordsOf(text);
    return !oldOf(block).some((line) => {
      const old = wordsOf(line);
      return words.length > 2 && old.length === words.length && old.filter((word, at) => word !== words[at]).length < 2;
    });
  };
  return blocks.some((block) => block.lines.some((line) => isOwn(block, line)));
}

/** Several blanks inside lines become one. */
function blanks({ blocks }: Given): Distorted | undefined {
  if (holdsOwnRuns(blocks)) return undefined;
  const distorted = mapLines(blocks, (line) => indentOf(line) + bare(line), everywhere);
  return changed(blocks, distorted) ? { blocks: distorted, right: "applied" } : undefined;
}

/** All runs of blanks become one space, the indentation too: what is deep can't be told from what is not. */
function collapse({ blocks }: Given): Distorted | undefined {
  if (holdsOwnRuns(blocks)) return undefined;
  const distorted = mapLines(blocks, (line) => (/^[ \t]/.test(line) ? " " : "") + bare(line), everywhere);
  return changed(blocks, distorted) ? { blocks: distorted, right: "either" } : undefined;
}

function trailing({ random, blocks, format }: Given): Distorted | undefined {
  const where = format === "unified" ? ({ sign }: BlockLine) => sign === " " : inQuote;
  if (format !== "unified") {
    const more = random.pick([" ", "  ", "\t"]);
    return {
      blocks: blocks.map((block) =>
        apart(
          oldOf(block).map((line) => line + more),
          newOf(block),
          block.start,
        ),
      ),
      right: "applied",
    };
  }
  const distorted = mapLines(blocks, (line) => `${line} `, where);
  return changed(blocks, distorted) ? { blocks: distorted, right: "applied" } : undefined;
}

/** The text was trimmed: the first line lost its indentation, the others kept theirs. */
function trimmed({ blocks, format }: Given): Distorted | undefined {
  if (format === "unified") return undefined;
  const trim = (lines: readonly string[]) => lines.join("\n").trim().split("\n");
  const distorted = blocks.map((block) =>
    apart(trim(oldOf(block)), newOf(block).length > 0 ? trim(newOf(block)) : [], block.start),
  );
  // A line less deep than the first one was can't be told from one that lost as much as the first.
  const isDeep = blocks.every((block) => {
    const [first, ...others] = newOf(block);
    return others.every((line) => isBlank(line) || indentOf(line).length >= indentOf(first ?? "").length);
  });
  if (!isDeep) return undefined;
  const isWhole = blocks.every((block) =>
    [oldOf(block), newOf(block)].every(
      (lines) => lines.length === 0 || !(isBlank(lines[0] ?? "") || isBlank(lines.at(-1) ?? "")),
    ),
  );
  return isWhole && changedQuotes(blocks, distorted) ? { blocks: distorted, right: "either" } : undefined;
}

/** A quote begins or ends within a line. */
function part({ random, file, blocks, format }: Given): Distorted | undefined {
  if (format === "unified") return undefined;
  const [block] = blocks as [Block];
  const quoted = oldOf(block);
  const isFront = random.chance(0.5);
  const at = isFront ? 0 : quoted.length - 1;
  const line = quoted[at] as string;
  const words = [...line.trim().matchAll(/\w+|\W+/g)];
  if (words.length < 2) return undefined;
  const split = random.between(1, words.length - 1);
  const kept = words.map(([word]) => word);
  const text = (isFront ? kept.slice(split) : kept.slice(0, split)).join("");
  // What is left may be a whole line elsewhere, or nothing but signs.
  if (!/\w{2}/.test(text) || file.lines.some((each) => bare(each) === bare(text))) return undefined;
  const old = quoted.map((each, index) => (index === at ? text : each));
  return {
    blocks: [apart(old, [...old.slice(0, at), `${text}_new`, ...old.slice(at + 1)], block.start)],
    right: "refused",
  };
}

/** The file went on after the answer was made: a line of the context is another one now. */
function outdate({ random, file, blocks }: Given): Distorted | undefined {
  const places = blocks.flatMap((block) => {
    let at = block.start;
    return block.lines.flatMap(({ sign, text }) => {
      const here = sign === "+" ? undefined : at++;
      return sign === " " && !isBlank(text) && here !== undefined ? [here] : [];
    });
  });
  if (places.length === 0) return undefined;
  const at = random.pick(places);
  const line = file.lines[at] as string;
  const lines = [...file.lines];
  lines[at] = `${line.trimEnd()} ${nameOf(random)}_stale`;
  const stale = { ...file, lines };
  // Where the same lines stand elsewhere, nobody can see that they are stale here.
  const withEnd = { ...stale, lines: [...lines, ""] };
  return blocks.some((block) => placesOf(withEnd, oldOf(block)) > 0)
    ? undefined
    : { blocks, file: stale, right: "either" };
}

/** Line numbers are off, or blocks come in another order. */
function moved({ random, file, blocks, format }: Given): Distorted | undefined {
  if (format === "search_replace")
    return blocks.length > 1 ? { blocks: [...blocks].reverse(), right: "applied" } : undefined;
  const off = random.pick([-7, -3, -2, -1, 1, 2, 3, 9, 20]);
  const each = random.chance(0.5);
  const distorted = blocks.map((block) => ({
    ...block,
    start: Math.max(0, block.start + (each ? off : off * random.between(1, 2))),
  }));
  if (format === "edits" && distorted.some((block, at) => block.start + oldOf(block).length < 1 + at)) return undefined;
  return agreesElsewhere(file, blocks, distorted) ? undefined : { blocks: distorted, right: "applied" };
}

/** Whether the wrong numbers, all off by the same, fit other lines than the right ones: then nothing tells that they are. */
function agreesElsewhere(file: RandomFile, blocks: readonly Block[], distorted: readonly Block[]): boolean {
  for (let off = -file.lines.length; off <= file.lines.length; off++) {
    const isTrue = distorted.every((block, at) => block.start + off === blocks[at]?.start);
    if (!isTrue && distorted.every((block) => standsAt(file, oldOf(block), block.start + off))) return true;
  }
  return distorted.some((block, at) => block.start === blocks[at]?.start || standsAt(file, oldOf(block), block.start));
}

/** The quoted lines stand at another place, too. */
function targets({ random, file, blocks, format }: Given): Distorted | undefined {
  const [block, another] = blocks as [Block, Block?];
  if (another) return undefined;
  const quoted = oldOf(block);
  const isAbove = random.chance(0.5);
  const at = isAbove ? 0 : file.lines.length;
  const deeper = random.chance(0.4) ? file.style.indent : "";
  const copy = quoted.map((line) => (isBlank(line) ? line : deeper + line));
  const lines = [...file.lines.slice(0, at), ...copy, "", ...file.lines.slice(at)];
  const shifted = { ...block, start: block.start + (isAbove ? copy.length + 1 : 0) };
  // A search that stands as it is once, and shifted elsewhere, may be taken at its word.
  const right = format === "search_replace" && deeper === "" ? "refused" : "either";
  return { blocks: [shifted], file: { ...file, lines: isAbove ? lines : [...file.lines, "", ...copy] }, right };
}

const standsAt = (file: RandomFile, lines: readonly string[], start: number): boolean =>
  lines.every((line, at) => bare(line) === bare(file.lines[start + at] ?? "\0"));

/** How often the lines stand in the file but for blanks: looked at line by line, as slow as it is plain. */
export function placesOf(file: RandomFile, lines: readonly string[]): number {
  let count = 0;
  for (let start = 0; start + lines.length <= file.lines.length; start++) if (standsAt(file, lines, start)) count++;
  return count;
}

export const DISTORTIONS = {
  none: ({ blocks }: Given): Distorted => ({ blocks, right: "applied" }),
  dedent,
  "dedent-quote": dedentQuote,
  indent,
  tabs,
  width,
  blanks,
  collapse,
  trailing,
  trimmed,
  part,
  stale: outdate,
  moved,
  targets,
} satisfies Record<string, Distortion>;
