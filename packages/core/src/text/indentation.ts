/**
 * Chooses the most readable place of a change that can slide: git's indent heuristic (M. Haggerty, "diff-slider-tools",
 * 2016). Each split (a place between two lines) is scored by the indentation around it and by blank lines; the weights
 * are the ones published with the heuristic, fitted on human judgement of many real diffs.
 */
import type { NumberedText } from "./lines";
import type { ShiftChooser } from "./slide";

const MAX_INDENT = 200;
const MAX_BLANK_LINES = 20;
const MAX_SHIFTS = 100;
const TAB_WIDTH = 8;

const WEIGHTS = {
  startOfFile: 1,
  endOfFile: 21,
  blankLine: -30,
  blankLineAfter: 6,
  deeper: -4,
  deeperAfterBlank: 10,
  shallower: 24,
  shallowerAfterBlank: 17,
  dedent: 23,
  dedentAfterBlank: 17,
  effectiveIndent: 60,
} as const;

const BLANK = -1;

/** Indentation around the place before one line; −1 where there is no line with text. */
type Surroundings = {
  atEnd: boolean;
  indent: number;
  blanksBefore: number;
  before: number;
  blanksAfter: number;
  after: number;
};

type Score = { effectiveIndent: number; penalty: number };

/**
 * Returns the function that chooses where to place a sliding run of changed lines of `numbered`, by the indentation
 * around it.
 */
export function indentationChooser(numbered: NumberedText): ShiftChooser {
  return ({ highest, lowest, length }) => {
    let best = lowest;
    let bestScore: Score | undefined;
    const first = Math.max(highest, lowest - length - 1, lowest - MAX_SHIFTS);
    for (let end = first; end <= lowest; end++) {
      const score: Score = { effectiveIndent: 0, penalty: 0 };
      addSplit(score, surroundings(numbered, end));
      addSplit(score, surroundings(numbered, end - length));
      if (!bestScore || compareScores(score, bestScore) <= 0) {
        bestScore = score;
        best = end;
      }
    }
    return best;
  };
}

function compareScores(one: Score, two: Score): number {
  const indent = Math.sign(one.effectiveIndent - two.effectiveIndent);
  return WEIGHTS.effectiveIndent * indent + (one.penalty - two.penalty);
}

function surroundings(numbered: NumberedText, line: number): Surroundings {
  const atEnd = line >= numbered.ids.length;
  const up = look(numbered, line - 1, -1);
  const down = look(numbered, line + 1, 1);
  return {
    atEnd,
    indent: atEnd ? BLANK : measureIndent(numbered, line),
    blanksBefore: up.blanks,
    before: up.indent,
    blanksAfter: down.blanks,
    after: down.indent,
  };
}

/** The indent of the nearest line with text from `line` on, and the blank lines passed. */
function look(numbered: NumberedText, line: number, step: 1 | -1): { blanks: number; indent: number } {
  let blanks = 0;
  for (let at = line; at >= 0 && at < numbered.ids.length; at += step) {
    const indent = measureIndent(numbered, at);
    if (indent !== BLANK) return { blanks, indent };
    blanks++;
    if (blanks === MAX_BLANK_LINES) return { blanks, indent: 0 };
  }
  return { blanks, indent: BLANK };
}

function measureIndent({ text, starts }: NumberedText, line: number): number {
  let width = 0;
  for (let at = starts[line] as number; at < (starts[line + 1] as number); at++) {
    const char = text.charCodeAt(at);
    if (char === 0x20) width++;
    else if (char === 0x09) width += TAB_WIDTH - (width % TAB_WIDTH);
    else if (char !== 0x0a && char !== 0x0d && char !== 0x0b && char !== 0x0c) return width;
    if (width >= MAX_INDENT) return MAX_INDENT;
  }
  return BLANK;
}

function addSplit(score: Score, place: Surroundings): void {
  if (place.before === BLANK && place.blanksBefore === 0) score.penalty += WEIGHTS.startOfFile;
  if (place.atEnd) score.penalty += WEIGHTS.endOfFile;

  // Blank lines count on both sides of the split; the line at the split itself may be one of them.
  const blanksAfter = place.indent === BLANK ? 1 + place.blanksAfter : 0;
  const blanks = place.blanksBefore + blanksAfter;
  score.penalty += WEIGHTS.blankLine * blanks + WEIGHTS.blankLineAfter * blanksAfter;

  const indent = place.indent === BLANK ? place.after : place.indent;
  const afterBlank = blanks !== 0;
  score.effectiveIndent += indent;
  if (indent === BLANK || place.before === BLANK || indent === place.before) return;
  if (indent > place.before) {
    score.penalty += afterBlank ? WEIGHTS.deeperAfterBlank : WEIGHTS.deeper;
  } else if (place.after !== BLANK && place.after > indent) {
    score.penalty += afterBlank ? WEIGHTS.shallowerAfterBlank : WEIGHTS.shallower;
  } else {
    score.penalty += afterBlank ? WEIGHTS.dedentAfterBlank : WEIGHTS.dedent;
  }
}
