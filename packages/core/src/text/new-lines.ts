import { collapseBlanks, isBlank, withoutReturn } from "./blanks";
import { diffIds } from "./diff";
import { type NumberedText, numberLines } from "./lines";

/** Lines [oldStart, oldEnd) of a block, relative to its first line, become `lines` (without "\n", "\r" kept). */
export type BlockChange = { oldStart: number; oldEnd: number; lines: string[] };

/** A block as quoted, as it stands in the file (both without line ends), and its changes. */
export type QuotedBlock = {
  quoted: readonly string[];
  file: readonly string[];
  changes: readonly BlockChange[];
  /** True where which lines stay is told by comparing two texts, not by the patch. */
  isCompared?: boolean;
};

/** A line of the block as it will be. */
export type NewLine = {
  text: string;
  /** The place in the block's old lines where it was quoted, if it was. */
  kept?: number;
  /** True where that is told by comparing lines of a change. */
  isGuess?: true;
  /** For a line of a change: the old line that stands there with other blanks at most. */
  twin?: number;
  /** For a line of a change: the old line that it replaces. */
  pair?: number;
  /** For a line that replaces no one line: the old lines [from, to) that stood between the same others. */
  besides?: readonly [from: number, to: number];
};

/** Returns the whole new block, line by line, including the unchanged lines between its changes. */
export function newLinesOf({ quoted, file, changes }: QuotedBlock): NewLine[] {
  const lines: NewLine[] = [];
  let old = 0;
  const keepTo = (end: number) => {
    for (; old < end; old++) lines.push({ text: quoted[old] as string, kept: old });
  };
  for (const change of changes) {
    keepTo(change.oldStart);
    lines.push(...linesOfChange(change, file).map((line) => (isQuoted(line, quoted) ? keep(line) : line)));
    old = change.oldEnd;
  }
  keepTo(quoted.length);
  return lines;
}

const isQuoted = ({ twin, text }: NewLine, quoted: readonly string[]): boolean =>
  twin !== undefined && quoted[twin] === text;

const keep = ({ text, twin }: NewLine): NewLine => ({ text, ...(twin !== undefined && { kept: twin }), isGuess: true });

/** Returns the new block's lines, compared with the file alone: whatever the quote was, each is the file's or new. */
export function alignedLines({ quoted, file }: QuotedBlock, lines: readonly NewLine[]): NewLine[] {
  const change = { oldStart: 0, oldEnd: quoted.length, lines: lines.map(({ text }) => text) };
  return linesOfChange(change, file);
}

function linesOfChange(change: BlockChange, file: readonly string[]): NewLine[] {
  const texts = change.lines.map(withoutReturn);
  const lines: NewLine[] = texts.map((text) => ({ text }));
  let oldAt = change.oldStart;
  let newAt = 0;
  const pairUp = (oldEnd: number, newEnd: number) => {
    const isPaired = oldEnd - oldAt === newEnd - newAt;
    for (let at = 0; newAt + at < newEnd; at++) {
      const line = lines[newAt + at] as NewLine;
      if (isPaired) line.pair = oldAt + at;
      else line.besides = [oldAt, oldEnd];
    }
  };
  for (const [old, young] of sameButForBlanks(file.slice(change.oldStart, change.oldEnd), texts)) {
    pairUp(change.oldStart + old, young);
    oldAt = change.oldStart + old + 1;
    newAt = young + 1;
    const line = lines[young] as NewLine;
    if (isBlank(line.text)) line.pair = change.oldStart + old;
    else line.twin = change.oldStart + old;
  }
  pairUp(change.oldEnd, texts.length);
  return lines;
}

const ALIGN_BUDGET_STEPS = 2_000_000;

/** Pairs of places at which lines are the same but for blanks, ascending in both. */
function sameButForBlanks(a: readonly string[], b: readonly string[]): [number, number][] {
  if (a.length === 0 || b.length === 0) return [];
  const asText = (lines: readonly string[]) => lines.map((line) => `${collapseBlanks(line)}\n`).join("");
  const { texts, distinct } = numberLines([asText(a), asText(b)]);
  const [before, after] = texts as [NumberedText, NumberedText];
  const pairs: [number, number][] = [];
  let old = 0;
  let young = 0;
  const keepTo = (end: number) => {
    for (; old < end; old++, young++) pairs.push([old, young]);
  };
  for (const hunk of diffIds(before.ids, after.ids, distinct, { steps: ALIGN_BUDGET_STEPS })) {
    keepTo(hunk.aStart);
    old = hunk.aEnd;
    young = hunk.bEnd;
  }
  keepTo(a.length);
  return pairs;
}
