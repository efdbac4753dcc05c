/** Places the hunks of a diff in the text of their file. Line numbers are evidence, never trusted alone. */
import { BlockFinder, type Found, LINE_MATCHES, narrowByOrder } from "../block-finder";
import { BYTE_ORDER_MARK, behindMark, type Placed } from "../byte-order-mark";
import { PatchRefused } from "../patch-refused";
import { type BlockChange, editsOf, type FinalNewline, type PlacedBlock } from "../placed-block";
import { DialectRefused } from "./dialects";
import { isBlob } from "./git-blob";
import { oldLinesOf, type UnifiedHunk } from "./hunks";
import { inOwnLineEnds } from "./line-ends";
import type { DiffFile } from "./read";

/** A hunk, its old lines, and where they may stand. */
type Candidate = { hunk: UnifiedHunk; number: number; oldLines: string[]; found: Found };

/** Git's own heading: a line that begins with a letter, "_" or "$", cut to this many bytes. */
const HEADING_LENGTH = 80;

/** The edits of one file's hunks. Throws PatchRefused where some hunk has no certain place. */
export function placeHunks(base: string, file: DiffFile): Placed {
  const hunks = file.hunks.filter((hunk) => hunk.lines.some((line) => line.kind !== "context"));
  if (hunks.length === 0) throw new PatchRefused("The diff changes nothing.");
  const isMadeHere = file.blobs !== undefined && isBlob(base, file.blobs.old);
  if (isMadeHere) refuseMiscounted(hunks);
  const written = isMadeHere ? BYTE_ORDER_MARK : hunks.flatMap(({ lines }) => lines.map(({ text }) => text)).join("\n");
  return behindMark(base, written, (text) => placeIn(text, hunks, file, isMadeHere));
}

function placeIn(base: string, hunks: UnifiedHunk[], file: DiffFile, isMadeHere: boolean): Placed {
  const finder = new BlockFinder(base);
  const blocks = (isMadeHere && placeByNumbers(finder, hunks)) || placeByText(finder, hunks, file);
  const placed = editsOf(
    finder,
    blocks.map((block) => ({ ...block, isMadeHere })),
  );
  return { ...placed, edits: inOwnLineEnds(base, placed.edits, { hunks, isMadeHere }) };
}

/** A diff that git made on this very text counts its lines right. */
function refuseMiscounted(hunks: readonly UnifiedHunk[]): void {
  const number = hunks.findIndex((hunk) => !hunk.isCounted);
  if (number === -1) return;
  throw new DialectRefused(
    `Hunk ${number + 1} has other lines than its header counts: the diff was cut or changed, or made with options like \`--color-words\` or \`--output-indicator-old\`. Use \`git diff\` without them.`,
    number,
  );
}

/** The blocks at the stated lines, of a diff that was made on this very text; undefined where one does not stand there. */
function placeByNumbers(finder: BlockFinder, hunks: readonly UnifiedHunk[]): PlacedBlock[] | undefined {
  let after = 0;
  const blocks: PlacedBlock[] = [];
  for (const [number, hunk] of hunks.entries()) {
    const oldLines = oldLinesOf(hunk.lines);
    const line = (hunk.stated ?? 0) - (oldLines.length > 0 ? 1 : 0);
    if (line < after || line > finder.lineCount || !finder.standsAt(oldLines, line, "exact")) return undefined;
    after = line + oldLines.length;
    blocks.push(placed({ hunk, number, oldLines, found: { match: "exact", lines: [line] } }, line, finder));
  }
  return blocks;
}

function placeByText(finder: BlockFinder, hunks: readonly UnifiedHunk[], file: DiffFile): PlacedBlock[] {
  const untabbed = withoutInitialTabs(hunks);
  if (untabbed && finder.base === "" && !file.git) {
    throw new DialectRefused(
      "Every line of the new file begins with a tab, as `diff -T` writes it. Make the diff without `-T`.",
    );
  }
  const readings = hunks.map(hunkReadings);
  const untabbedReadings = untabbed?.map(hunkReadings);
  finder.announce([...readings, ...(untabbedReadings ?? [])].flat());
  const isWritten = (all: readonly string[][][]) => all.every((each) => each.some((block) => finder.find(block)));
  if (untabbed && untabbedReadings && isWritten(untabbedReadings)) {
    const candidates = untabbed.map((hunk, at) => candidateOf(finder, hunk, at, untabbedReadings[at] as string[][]));
    const isCloser = !isWritten(readings) || loosest(candidates) < loosestOf(finder, hunks, readings);
    if (isCloser) return placeAll(finder, candidates);
  }
  return placeAll(
    finder,
    hunks.map((hunk, at) => candidateOf(finder, hunk, at, readings[at] as string[][])),
  );
}

const loosestOf = (finder: BlockFinder, hunks: readonly UnifiedHunk[], readings: readonly string[][][]): number =>
  loosest(hunks.map((hunk, at) => candidateOf(finder, hunk, at, readings[at] as string[][])));

const loosest = (candidates: readonly Candidate[]): number =>
  Math.max(...candidates.map(({ found }) => LINE_MATCHES.indexOf(found.match)));

/** The hunks without the tab that `diff -T` writes before every line; undefined where some line has none. */
function withoutInitialTabs(hunks: readonly UnifiedHunk[]): UnifiedHunk[] | undefined {
  const isTabbed = hunks.every(({ lines }) => lines.every(({ text }) => text.startsWith("\t")));
  if (!isTabbed) return undefined;
  return hunks.map((hunk) => ({ ...hunk, lines: hunk.lines.map((line) => ({ ...line, text: line.text.slice(1) })) }));
}

function placeAll(finder: BlockFinder, candidates: readonly Candidate[]): PlacedBlock[] {
  const lines = resolve(finder, candidates);
  return candidates.map((candidate, index) => {
    const line = lines[index] as number;
    refuseSignless(finder, candidate, line);
    return placed(candidate, line, finder);
  });
}

function hunkReadings(hunk: UnifiedHunk): string[][] {
  const old = oldLinesOf(hunk.lines);
  return hunk.oldLengths.map((length) => old.slice(0, length));
}

function candidateOf(finder: BlockFinder, hunk: UnifiedHunk, number: number, readings: readonly string[][]): Candidate {
  if (readings.some((reading) => reading.length === 0)) {
    if (finder.base === "") return { hunk, number, oldLines: [], found: { match: "exact", lines: [0] } };
    throw new PatchRefused(
      `Hunk ${number + 1} has no lines of the file to tell where it goes (as with \`-U0\`): add context lines.`,
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
  const lastCertain = certain.at(-1) ?? -1;
  return places.map((lines, index) => {
    const candidate = candidates[index] as Candidate;
    const [line] = lines;
    const stated = (candidate.hunk.stated ?? 0) - 1;
    if (lines.length === 1 && line !== undefined) {
      // To the letter it stands elsewhere, but for blanks where it is said to: either may be meant.
      // A last line without a newline has no CRLF either, which a diff that shows none fits to the letter.
      const isDoubtful =
        line !== stated &&
        (CLOSE_MATCHES.some((match) => finder.standsAt(candidate.oldLines, stated, match)) ||
          (finder.base.includes("\r\n") && finder.places(candidate.oldLines, "line-ends").length > lines.length) ||
          (isShort(candidate.oldLines) && finder.standsAt(candidate.oldLines, stated, "spaces")));
      if (!isDoubtful) return line;
      throw new PatchRefused(
        `The old lines of hunk ${candidate.number + 1} stand at line ${line + 1}, and but for blanks at line ${stated + 1} as its header says. Write the blanks as the file has them.`,
        candidate.number,
      );
    }
    // A later hunk that stands where it says tells that nothing before it was moved.
    const isBetween = numbersHold && index < lastCertain;
    if (numbersHold && lines.includes(stated) && (isBetween || headingAgrees(finder, candidate, stated))) return stated;
    throw new PatchRefused(
      lines.length === 0
        ? `Hunk ${candidate.number + 1} stands in the file only out of order with the other hunks.`
        : `The old lines of hunk ${candidate.number + 1} stand at ${lines.length} places: add context lines that tell them apart.`,
      candidate.number,
    );
  });
}

const CLOSE_MATCHES = LINE_MATCHES.filter((match) => match !== "spaces");

/** A block of so few lines with text may stand anywhere. */
const isShort = (lines: readonly string[]): boolean =>
  lines.filter((line) => /[\p{L}\p{N}_]{2}/u.test(line)).length < 2;

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

/** Lines that stand in the file with the space that would be their sign have none: words are marked in some other way. */
function refuseSignless(finder: BlockFinder, { hunk, number, oldLines, found }: Candidate, line: number): void {
  if (hunk.isCounted || found.match === "exact" || found.match === "line-ends") return;
  const isSignless = oldLines.every((text, at) => ` ${text}`.trimEnd() === finder.line(line + at).trimEnd());
  if (!isSignless) return;
  throw new DialectRefused(
    `The lines of hunk ${number + 1} have no sign before them, as in a word diff (\`--color-words\`). Use \`git diff --no-color\` without it.`,
    number,
  );
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
