import { isBlank } from "./blanks";
import { type BlockFinder, LINE_MATCHES, type LineMatch } from "./block-finder";
import { changesBetween } from "./compared-changes";
import type { TextEdit } from "./edits";
import { PatchRefused } from "./patch-refused";
import { editsOf, linesOfBlock, type PlacedBlock } from "./placed-block";

type SearchBlock = { search: string; replace: string };

/**
 * Returns the edits of `[{search, replace}]`. Blocks may be in any order; each is located in the unmodified base.
 * Throws PatchRefused.
 */
export function normaliseSearchReplace(finder: BlockFinder, patch: unknown): { edits: TextEdit[]; exact: boolean } {
  if (!Array.isArray(patch) || patch.length === 0)
    throw new PatchRefused("The blocks must be a list with at least one block.");
  const blocks = patch.map(readBlock);
  const readings = blocks.map(blockReadings);
  finder.announce(readings.flatMap((ways) => ways.map(({ search }) => search)));
  return editsOf(
    finder,
    blocks.map((block, hunk) => place(finder, block, readings[hunk] as BlockLines[], hunk)),
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

/**
 * Whole lines, in the ways the texts can be read: a last newline of both is the last line's own; one that only the search
 * has is a blank line that goes where one stands, else the last line's own as well.
 */
function blockReadings({ search, replace }: SearchBlock): BlockLines[] {
  const cut = (text: string) => (text.endsWith("\n") ? text.slice(0, -1) : text);
  const replaceLines = (text: string) => (replace === "" ? [] : linesOfBlock(text));
  const ended = { search: linesOfBlock(cut(search)), replace: replaceLines(cut(replace)) };
  if (search.endsWith("\n") && (replace.endsWith("\n") || replace === "")) return [ended];
  const asWritten = { search: linesOfBlock(search), replace: replaceLines(replace) };
  return search.endsWith("\n") ? [asWritten, ended] : [asWritten];
}

function place(finder: BlockFinder, block: SearchBlock, readings: readonly BlockLines[], hunk: number): PlacedBlock {
  const [lines] = readings as [BlockLines];
  if (block.search === "" && finder.lines().every(isBlank)) return wholeFile(finder, lines, hunk);
  if (lines.search.every(isBlank)) {
    throw new PatchRefused(`The search text of block ${hunk + 1} is empty: quote the lines it stands next to.`, hunk);
  }
  // The shorter reading stands wherever the longer one does: only where it has one place, there is one.
  const found = findForCertain(finder, (readings.at(-1) as BlockLines).search, hunk);
  const reading = found && readingAt(finder, readings, found);
  if (found && reading) {
    return {
      hunk,
      line: found.line,
      match: reading.match,
      oldLines: reading.search,
      changes: changesBetween(reading.search, reading.replace),
      finalNewline: "as-base",
      adaptsIndent: true,
    };
  }
  throw new PatchRefused(
    `The search text of block ${hunk + 1} does not stand in the file as whole lines, even but for blanks.`,
    hunk,
  );
}

/** The longest reading that stands at a line, and how; blanks on a blank line at its end are no reason against it. */
function readingAt(
  finder: BlockFinder,
  readings: readonly BlockLines[],
  { line, match }: { line: number; match: LineMatch },
) {
  for (const reading of readings) {
    const loosest = LINE_MATCHES.slice(LINE_MATCHES.indexOf(match), LINE_MATCHES.indexOf("line-ends") + 1);
    const found = [match, ...loosest].find((each) => finder.standsAt(reading.search, line, each));
    if (found) return { ...reading, match: found };
  }
  return undefined;
}

/** The one place of a block of lines; undefined where there is none. */
function findForCertain(finder: BlockFinder, search: readonly string[], hunk: number) {
  const found = finder.find(search);
  if (!found) return undefined;
  const [line, next] = [...found.lines, ...finder.rivals(search, found)] as [number, number | undefined];
  if (next !== undefined) {
    throw new PatchRefused(
      `The search text of block ${hunk + 1} stands at more than one place (lines ${line + 1} and ${next + 1}). Quote more lines.`,
      hunk,
    );
  }
  return { line, match: found.match };
}

/** An empty file gets its text; the base's last, empty line stays behind it as the file's newline. */
function wholeFile(finder: BlockFinder, lines: BlockLines, hunk: number): PlacedBlock {
  const change = { oldStart: 0, oldEnd: finder.lineCount - 1, lines: lines.replace };
  return { hunk, line: 0, oldLines: [], changes: [change], match: "exact", finalNewline: "as-base" };
}
