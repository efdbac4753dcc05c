import { contentOf, isBlank } from "./blanks";
import { type BlockFinder, LINE_MATCHES, type LineMatch, narrowByOrder } from "./block-finder";
import { changesBetween } from "./compared-changes";
import type { TextEdit } from "./edits";
import { PatchRefused } from "./patch-refused";
import { editsOf, linesOfBlock, type PlacedBlock } from "./placed-block";

type LineEdit = { hunk: number; start: number; end: number; original: string[]; replacement: string[] };

/** An edit's place (0-based), and how closely its original matches there. */
type Place = { line: number; match: LineMatch };

/** Returns the edits of `[{start_line, end_line, original, replacement}]` (1-based, inclusive). Throws PatchRefused. */
export function normaliseLineEdits(finder: BlockFinder, patch: unknown): { edits: TextEdit[]; exact: boolean } {
  if (!Array.isArray(patch) || patch.length === 0)
    throw new PatchRefused("The edits must be a list with at least one edit.");
  const written = patch.map(readEdit);
  const edits = [...written].sort((one, two) => one.start - two.start || one.end - two.end);
  const isInOrder = written.every((edit, at) => edit === edits[at]);
  const quoting = edits.filter((edit) => edit.original.length > 0);
  finder.announce(quoting.map((edit) => edit.original));
  const places = placeAll(finder, quoting, isInOrder);
  const numbersHold = quoting.every((edit) => places.get(edit)?.line === edit.start - 1);
  return editsOf(
    finder,
    edits.map((edit) => {
      const place = places.get(edit);
      return place ? blockAt(edit, place) : placeInsertion(finder, edit, numbersHold);
    }),
  );
}

function readEdit(value: unknown, hunk: number): LineEdit {
  const edit = (typeof value === "object" && value !== null ? value : {}) as Record<string, unknown>;
  const { start_line: start, end_line: end, original = "", replacement } = edit;
  if (typeof start !== "number" || typeof end !== "number" || !Number.isInteger(start) || !Number.isInteger(end)) {
    throw new PatchRefused(`Edit ${hunk + 1} needs whole numbers as start_line and end_line.`, hunk);
  }
  if (typeof original !== "string" || typeof replacement !== "string") {
    throw new PatchRefused(`Edit ${hunk + 1} needs texts as original and replacement.`, hunk);
  }
  if (start < 1 || end < start - 1) {
    throw new PatchRefused(`Edit ${hunk + 1} has no valid range: lines ${start} to ${end}.`, hunk);
  }
  if (end < start) {
    if (original !== "") {
      throw new PatchRefused(
        `Edit ${hunk + 1} inserts (its end is before its start) but quotes lines to replace.`,
        hunk,
      );
    }
    return { hunk, start, end, original: [], replacement: linesOfBlock(replacement) };
  }
  const quoted = linesOfBlock(original);
  // One line more than the range, and empty: the text was written with its last newline.
  const endsInNewline = quoted.length === end - start + 2 && quoted[quoted.length - 1] === "";
  const cut = (text: string) => linesOfBlock(endsInNewline && text.endsWith("\n") ? text.slice(0, -1) : text);
  return { hunk, start, end, original: cut(original), replacement: replacement === "" ? [] : cut(replacement) };
}

/**
 * For each way of matching: all edits at their stated lines; else all off by the same number of lines; else each at the
 * one place where its original stands, given that edits come in the order of their stated lines.
 */
function placeAll(finder: BlockFinder, edits: readonly LineEdit[], isInOrder: boolean): Map<LineEdit, Place> {
  const asStated = LINE_MATCHES.find((match) =>
    edits.every((edit) => finder.standsAt(edit.original, edit.start - 1, match)),
  );
  for (const match of LINE_MATCHES) {
    if (match === asStated) return allShifted(edits, 0, match);
    const shift = commonShift(finder, edits, match);
    if (shift === undefined) continue;
    const [first, another] = edits as [LineEdit, LineEdit | undefined];
    const line = first.start - 1 + shift;
    // The stated lines say one thing, blanks another; or the block may be quoted without its indentation from elsewhere.
    if (asStated) throw notCertain(first, first.start - 1, line);
    const [rival] = another ? [] : finder.rivals(first.original, { match, lines: [line] });
    if (rival !== undefined || (!another && isHint(finder, first, match))) throw notCertain(first, line, rival);
    const repeated =
      shift === 0 || isInOrder ? undefined : edits.find((edit) => finder.places(edit.original, "spaces").length > 1);
    if (repeated) throw notCertain(repeated, repeated.start - 1 + shift, undefined);
    const atItsNumber = edits.find(
      (edit) => !quotesNothing(edit) && finder.standsAt(edit.original, edit.start - 1, match),
    );
    if (atItsNumber) throw notCertain(atItsNumber, atItsNumber.start - 1 + shift, undefined);
    return allShifted(edits, shift, match);
  }
  const found = edits.map((edit) => finder.find(edit.original));
  const missing = edits.find((_, index) => found[index] === undefined);
  if (missing) {
    throw new PatchRefused(
      `The original of edit ${missing.hunk + 1} does not stand in the file, at line ${missing.start} or elsewhere.`,
      missing.hunk,
    );
  }
  const all = edits.map((edit, index) => {
    const one = found[index];
    return one ? [...one.lines, ...finder.rivals(edit.original, one)].sort((a, b) => a - b) : [];
  });
  const narrowed = narrowByOrder(
    edits.map((edit, index) => ({ length: edit.original.length, lines: all[index] ?? [] })),
  );
  // The order is only as good as the stated lines: where it leaves an edit without a place, or is another than the edits
  // are written in, it decides nothing.
  const lines = isInOrder && narrowed.every((left) => left.length > 0) ? narrowed : all;
  const places = new Map<LineEdit, Place>();
  for (const [index, edit] of edits.entries()) {
    const [line, another] = lines[index] ?? [];
    if (line === undefined || another !== undefined || quotesNothing(edit)) throw notCertain(edit, line, another);
    const match = found[index]?.lines.includes(line) ? found[index].match : "spaces";
    const isMoved = line !== edit.start - 1;
    if (isMoved && (isHint(finder, edit, match) || finder.standsAt(edit.original, edit.start - 1, "spaces")))
      throw notCertain(edit, line, undefined);
    places.set(edit, { line, match });
  }
  return places;
}

function notCertain(edit: LineEdit, line: number | undefined, another: number | undefined): PatchRefused {
  if (quotesNothing(edit)) {
    const sentence = `Edit ${edit.hunk + 1} quotes no line, so where it belongs is not certain. Quote the lines that it replaces, or the one before what it inserts.`;
    return new PatchRefused(sentence, edit.hunk);
  }
  const places =
    line === undefined ? "" : another === undefined ? ` (line ${line + 1})` : ` (lines ${line + 1} and ${another + 1})`;
  return new PatchRefused(
    `The original of edit ${edit.hunk + 1} is not certain to belong at line ${edit.start}: it stands elsewhere${places}. Quote more lines.`,
    edit.hunk,
  );
}

function allShifted(edits: readonly LineEdit[], shift: number, match: LineMatch): Map<LineEdit, Place> {
  return new Map(edits.map((edit) => [edit, { line: edit.start - 1 + shift, match }]));
}

/** The one number of lines by which all edits are off; undefined when there is none, or more than one. */
function commonShift(finder: BlockFinder, edits: readonly LineEdit[], match: LineMatch): number | undefined {
  const telling = edits.filter((edit) => !quotesNothing(edit));
  let fewest: { edit: LineEdit; lines: number[] } | undefined;
  for (const edit of telling) {
    const lines = finder.places(edit.original, match);
    if (!fewest || lines.length < fewest.lines.length) fewest = { edit, lines };
  }
  if (!fewest) return undefined;
  const { edit: sample, lines } = fewest;
  if (telling.length === 1 && lines.length > 1) return undefined;
  const shifts = lines
    .map((line) => line - (sample.start - 1))
    .filter((shift) => edits.every((edit) => finder.standsAt(edit.original, edit.start - 1 + shift, match)));
  return shifts.length === 1 ? shifts[0] : undefined;
}

/**
 * Returns whether an original that is not at its stated line is too weak as evidence: one line with other blanks, or a
 * text that the stated line still begins with.
 */
function isHint(finder: BlockFinder, edit: LineEdit, match: LineMatch): boolean {
  const quoted = edit.original.filter((line) => !isBlank(line));
  if (quoted.length > 1) return false;
  const text = contentOf(quoted[0] ?? "");
  const stated = edit.start <= finder.lineCount ? contentOf(finder.line(edit.start - 1)) : "";
  return match === "spaces" || (text.length > 2 && stated !== text && stated.startsWith(text));
}

function quotesNothing(edit: LineEdit): boolean {
  return edit.original.every(isBlank);
}

function blockAt(edit: LineEdit, { line, match }: Place): PlacedBlock {
  const changes = changesBetween(edit.original, edit.replacement);
  return {
    hunk: edit.hunk,
    line,
    oldLines: edit.original,
    changes,
    match,
    finalNewline: "as-base",
    adaptsIndent: true,
  };
}

/** An insertion quotes nothing: it goes by its line, when that exists and no other edit shows the numbers to be off. */
function placeInsertion(finder: BlockFinder, edit: LineEdit, numbersHold: boolean): PlacedBlock {
  const line = edit.start - 1;
  if (line > finder.lineCount) {
    throw new PatchRefused(
      `Edit ${edit.hunk + 1} inserts at line ${edit.start} of a file of ${finder.lineCount - 1} lines.`,
      edit.hunk,
    );
  }
  if (!numbersHold) {
    throw new PatchRefused(
      `Edit ${edit.hunk + 1} inserts at line ${edit.start}, and the line numbers of the other edits are off: replace the line before it by itself and the new lines.`,
      edit.hunk,
    );
  }
  const usesCrlf = finder.newlineAt(line) === "\r\n" && !edit.replacement.some((text) => text.endsWith("\r"));
  return {
    hunk: edit.hunk,
    line,
    oldLines: [],
    changes: [{ oldStart: 0, oldEnd: 0, lines: edit.replacement }],
    match: usesCrlf ? "line-ends" : "exact",
    finalNewline: "as-base",
    adaptsIndent: true,
  };
}
