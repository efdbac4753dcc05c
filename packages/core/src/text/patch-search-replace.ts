import { type BlockFinder, LINE_MATCHES } from "./block-finder";
import type { TextEdit } from "./edits";
import { PatchRefused } from "./patch-refused";
import { changesBetween, editsOf, linesOfBlock, type PlacedBlock } from "./placed-block";

type SearchBlock = { search: string; replace: string };

/** Places `[{search, replace}]`. Blocks may come in any order; each is looked up in the base as it is. */
export function normaliseSearchReplace(finder: BlockFinder, patch: unknown): { edits: TextEdit[]; exact: boolean } {
  if (!Array.isArray(patch) || patch.length === 0)
    throw new PatchRefused("The blocks must be a list with at least one block.");
  const blocks = patch.map(readBlock);
  const lines = blocks.map(linesOf);
  finder.announce(lines.map((block) => block.search));
  return editsOf(
    finder,
    blocks.map((block, hunk) => place(finder, block, lines[hunk] as BlockLines, hunk)),
  );
}

function readBlock(value: unknown, hunk: number): SearchBlock {
  const { search, replace } = (typeof value === "object" && value !== null ? value : {}) as Record<string, unknown>;
  if (typeof search !== "string" || typeof replace !== "string") {
    throw new PatchRefused(`Block ${hunk + 1} needs texts as search and replace.`, hunk);
  }
  return { search, replace };
}

type BlockLines = { search: string[]; replace: string[] };

/** Whole lines. Where search and replace both end in a newline, it is the last line's own. */
function linesOf({ search, replace }: SearchBlock): BlockLines {
  const bothEnd = search.endsWith("\n") && (replace.endsWith("\n") || replace === "");
  const cut = (text: string) => (bothEnd && text.endsWith("\n") ? text.slice(0, -1) : text);
  return { search: linesOfBlock(cut(search)), replace: replace === "" ? [] : linesOfBlock(cut(replace)) };
}

function place(finder: BlockFinder, block: SearchBlock, lines: BlockLines, hunk: number): PlacedBlock {
  if (block.search === "" && finder.base.trim() === "") return wholeFile(finder, lines, hunk);
  if (block.search.trim() === "") {
    throw new PatchRefused(`The search text of block ${hunk + 1} is empty: quote the lines it stands next to.`, hunk);
  }
  const [offset, another] = finder.offsetsOf(block.search);
  const found = finder.find(lines.search, offset === undefined ? LINE_MATCHES : ["exact"]);
  if (offset !== undefined && another === undefined) return placeText(finder, block, offset, hunk);
  if (!found) {
    throw new PatchRefused(
      offset === undefined
        ? `The search text of block ${hunk + 1} does not stand in the file, even but for white space.`
        : `The search text of block ${hunk + 1} stands more than once in the file. Quote whole lines.`,
      hunk,
    );
  }
  const [line, next] = found.lines;
  if (line === undefined || next !== undefined) {
    throw new PatchRefused(
      `The search text of block ${hunk + 1} stands at more than one place (lines ${(line ?? 0) + 1} and ${(next ?? 0) + 1}). Quote more lines.`,
      hunk,
    );
  }
  return {
    hunk,
    line,
    oldLines: lines.search,
    changes: changesBetween(lines.search, lines.replace),
    match: found.match,
    finalNewline: "as-base",
  };
}

/** An empty file gets its text; the base's last, empty line stays behind it as the file's newline. */
function wholeFile(finder: BlockFinder, lines: BlockLines, hunk: number): PlacedBlock {
  const change = { oldStart: 0, oldEnd: finder.lineCount - 1, lines: lines.replace };
  return { hunk, line: 0, oldLines: [], changes: [change], match: "exact", finalNewline: "as-base" };
}

/** The text stands there once, to the character: its lines are replaced whole, with what stands around it on them. */
function placeText(finder: BlockFinder, block: SearchBlock, offset: number, hunk: number): PlacedBlock {
  const end = offset + block.search.length;
  const line = lineAt(finder, offset);
  const lastLine = lineAt(finder, Math.max(offset, end - 1));
  const before = finder.base.slice(finder.starts[line], offset);
  const after = finder.base.slice(end, finder.starts[lastLine + 1]);
  const endsLine = after === "" && block.search.endsWith("\n");
  // "a\n" replaced by "b" must not pull the next line up, unless that one is blank: then it was the search's last line.
  const nextIsBlank = finder.base[end] === "\n" || finder.base.startsWith("\r\n", end) || end === finder.base.length;
  const pullsUp = endsLine && !block.replace.endsWith("\n") && block.replace !== "" && nextIsBlank;
  const oldLines: string[] = [];
  const until = pullsUp ? Math.min(lastLine + 1, finder.lineCount - 1) : lastLine;
  for (let at = line; at <= until; at++) oldLines.push(finder.line(at));
  const tail = pullsUp ? finder.base.slice(end, finder.starts[until + 1]) : after;
  // One line of a CRLF file matches with or without "\r"; what replaces it must not mix the two.
  const usesCrlf = finder.newlineAt(line) === "\r\n" && !block.search.includes("\r") && !block.replace.includes("\r");
  const replace = usesCrlf ? block.replace.replaceAll("\n", "\r\n") : block.replace;
  const wholeLines = before === "" && (tail === "\n" || tail === "\r\n");
  const replaced = replace === "" && wholeLines ? "" : before + replace + tail;
  const ended = replaced.endsWith("\n") ? replaced.slice(0, -1) : replaced;
  const newLines = replaced === "" ? [] : linesOfBlock(ended);
  return {
    hunk,
    line,
    oldLines,
    changes: changesBetween(oldLines, newLines),
    match: "exact",
    finalNewline: "as-base",
  };
}

function lineAt(finder: BlockFinder, offset: number): number {
  let low = 0;
  let high = finder.lineCount - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((finder.starts[middle] as number) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}
