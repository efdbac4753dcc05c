import { type BlockFinder, type Found, narrowByOrder } from "./block-finder";
import type { TextEdit } from "./edits";
import { PatchRefused } from "./patch-refused";
import { type BlockChange, editsOf, type FinalNewline, type PlacedBlock } from "./placed-block";
import { readUnified, type UnifiedHunk } from "./unified-hunks";

/** A hunk, its old lines, and where they may stand. */
type Candidate = { hunk: UnifiedHunk; number: number; oldLines: string[]; found: Found };

/** Git's own heading: a line that begins with a letter, "_" or "$", cut to this many bytes. */
const HEADING_LENGTH = 80;

/** Places a unified diff of one file. Line numbers are evidence, never trusted alone where the text says otherwise. */
export function normaliseUnified(finder: BlockFinder, patch: unknown): { edits: TextEdit[]; exact: boolean } {
  if (typeof patch !== "string") throw new PatchRefused("The diff must be a text.");
  const hunks = readUnified(patch).filter((hunk) => hunk.lines.some((line) => line.kind !== "context"));
  if (hunks.length === 0) throw new PatchRefused("The diff changes nothing.");
  const readings = hunks.map(readingsOf);
  finder.announce(readings.flat());
  const candidates = hunks.map((hunk, number) => candidateOf(finder, hunk, number, readings[number] as string[][]));
  const lines = resolve(finder, candidates);
  return editsOf(
    finder,
    candidates.map((candidate, index) => placed(candidate, lines[index] as number, finder)),
  );
}

/**
 * The old lines of a hunk, in the ways they can be read: as the header counts them, else without the loose blank lines at
 * the end, which claims the least, else with them.
 */
function readingsOf(hunk: UnifiedHunk): string[][] {
  const old = hunk.lines.filter((line) => line.kind !== "added").map((line) => line.text);
  const least = old.length - Math.min(hunk.looseBlankLines, old.length);
  const counted = hunk.statedOldCount ?? least;
  const lengths = new Set([...(counted >= least && counted <= old.length ? [counted] : []), least, old.length]);
  return [...lengths].map((length) => old.slice(0, length));
}

function candidateOf(finder: BlockFinder, hunk: UnifiedHunk, number: number, readings: readonly string[][]): Candidate {
  if (readings.some((reading) => reading.length === 0)) {
    if (finder.base === "") return { hunk, number, oldLines: [], found: { match: "exact", lines: [0] } };
    throw new PatchRefused(
      `Hunk ${number + 1} has no lines of the file to tell where it goes: add context lines.`,
      number,
    );
  }
  let best: { oldLines: string[]; found: Found } | undefined;
  for (const oldLines of readings) {
    const found = finder.find(oldLines);
    if (found && (!best || isCloser(found, best.found))) best = { oldLines, found };
  }
  if (!best) {
    throw new PatchRefused(
      `The old lines of hunk ${number + 1} do not stand in the file, even but for white space.`,
      number,
    );
  }
  return { hunk, number, ...best };
}

function isCloser(one: Found, two: Found): boolean {
  return one.match === "exact" && two.match !== "exact";
}

/** The line of each hunk: where only one place is left, given the order of the hunks; else the stated one, if it can be trusted. */
function resolve(finder: BlockFinder, candidates: readonly Candidate[]): number[] {
  const places = narrowByOrder(
    candidates.map(({ oldLines, found }) => ({ length: oldLines.length, lines: found.lines })),
  );
  const statedIsRight = (index: number) => {
    const stated = candidates[index]?.hunk.stated;
    return stated !== undefined && places[index]?.[0] === stated - 1;
  };
  const certain = places.flatMap((lines, index) => (lines.length === 1 ? [index] : []));
  const numbersHold = certain.every(statedIsRight);
  return places.map((lines, index) => {
    const candidate = candidates[index] as Candidate;
    const [line] = lines;
    if (lines.length === 1 && line !== undefined) return line;
    const stated = (candidate.hunk.stated ?? 0) - 1;
    if (numbersHold && lines.includes(stated) && headingAgrees(finder, candidate, stated)) return stated;
    throw new PatchRefused(
      lines.length === 0
        ? `Hunk ${candidate.number + 1} stands in the file only out of order with the other hunks.`
        : `The old lines of hunk ${candidate.number + 1} stand at ${lines.length} places: add context lines that tell them apart.`,
      candidate.number,
    );
  });
}

/** Git writes the nearest line above that begins with a letter; a diff that has another one, or none, was not made there. */
function headingAgrees(finder: BlockFinder, { hunk }: Candidate, line: number): boolean {
  for (let at = line - 1; at >= 0; at--) {
    const text = finder.line(at);
    if (!/^[A-Za-z_$]/.test(text)) continue;
    const shown = text.slice(0, HEADING_LENGTH).trim();
    return hunk.heading !== "" && shown.startsWith(hunk.heading.trim());
  }
  return hunk.heading === "";
}

function placed(candidate: Candidate, line: number, finder: BlockFinder): PlacedBlock {
  const { hunk, number, oldLines, found } = candidate;
  const changes: BlockChange[] = [];
  let old = 0;
  let open: BlockChange | undefined;
  for (const { kind, text } of hunk.lines) {
    if (kind === "context") {
      open = undefined;
      old++;
      continue;
    }
    if (!open) {
      open = { oldStart: old, oldEnd: old, lines: [] };
      changes.push(open);
    }
    if (kind === "removed") open.oldEnd = ++old;
    else open.lines.push(text);
  }
  return { hunk: number, line, oldLines, changes, match: found.match, finalNewline: finalNewline(hunk, finder) };
}

function finalNewline(hunk: UnifiedHunk, finder: BlockFinder): FinalNewline {
  if (hunk.newEndsWithoutNewline) return "absent";
  return hunk.oldEndsWithoutNewline || finder.base === "" ? "present" : "as-base";
}
