import type { Safety } from "@redline/core/changes/schema";
import { applyEdits, editHunks, splitLines, type TextEdit } from "@redline/core/text/index";
import { toPlainText } from "../ui/plain-text";
import { type CharRange, changedWords } from "./changed-words";
import { type Document, lineAt, lineStartsOf } from "./document";

/**
 * A fix to draw as redlines, with offsets of the stored text: a finding's fix, or a reply's proposal for this file.
 * `hunks` numbers them where the change has hunks in other files; null where it can only be taken whole.
 */
export type ProposedFix = {
  identity?: string;
  fix: {
    changeId: string;
    safety: Safety;
    summary: string;
    edits: TextEdit[];
    hunks?: { first: number; count: number } | null;
  };
};

/**
 * One hunk of a proposed change as drawn in the code. *Inline*: text is struck and followed by its replacement.
 * *Block*: whole lines are struck, with the new lines below. Offsets are of the document.
 */
export type Redline = {
  changeId: string;
  /** Identity of the finding it fixes. */
  identity?: string;
  /** The hunk's number, and how many hunks the change has; one where it is taken whole. */
  hunk: number;
  hunks: number;
  safety: Safety;
  summary: string;
  form: "inline" | "block";
  parts: TextEdit[];
  /** The words that go (marked), and all that is struck: no blanks at the ends of a line or word. */
  removed: CharRange[];
  struck: CharRange[];
  /** The changed words of a block's text, as offsets of that text. */
  added: CharRange[];
  /** Shown in place of its buttons while a decision is being saved. */
  settling?: "Applying…" | "Rejecting…" | "Waiting…";
  from: number;
  to: number;
  /** The lines it covers (1-based); for an insertion between lines, the line after it. */
  firstLine: number;
  lastLine: number;
  /** True for a block that only inserts: it is drawn above its line, any other below. */
  isAbove: boolean;
};

/** Returns whether a redline has a Reject button: a finding's fix is rejected whole, a reply's proposal by hunk. */
export const isRejectableInline = ({ hunks, identity }: Redline): boolean => hunks === 1 || identity === undefined;

export type RedlineAction = "accept" | "reject";

/** Returns a redline's buttons, with their names for assistive technology. */
export function redlineButtons(redline: Redline): { act: RedlineAction; name: string; label: string }[] {
  const what = redline.hunks === 1 ? "" : " hunk";
  const accept = { act: "accept" as const, name: `Accept${what}` };
  const buttons = isRejectableInline(redline) ? [accept, { act: "reject" as const, name: `Reject${what}` }] : [accept];
  return buttons.map((button) => ({ ...button, label: `${button.name}: ${toPlainText(redline.summary)}` }));
}

/**
 * Builds the redlines to draw, in order, at most one per line. Where fixes overlap, the selected finding's wins, else
 * the first; the others are still listed in the margin.
 */
export function buildRedlines(document: Document, fixes: readonly ProposedFix[], selected?: string): Redline[] {
  const starts = lineStartsOf(document.text);
  const isSelected = ({ identity }: ProposedFix) => Number(identity !== undefined && identity === selected);
  const ordered = [...fixes].sort((a, b) => isSelected(b) - isSelected(a));
  const taken: Redline[] = [];
  for (const proposed of ordered) {
    const drawn = buildFixRedlines(document, starts, proposed);
    if (drawn.some((one) => taken.some((other) => overlap(one, other)))) continue;
    taken.push(...drawn);
  }
  return taken.sort((a, b) => a.from - b.from);
}

const overlap = (a: Redline, b: Redline): boolean => a.firstLine <= b.lastLine && b.firstLine <= a.lastLine;

function buildFixRedlines(document: Document, starts: readonly number[], { identity, fix }: ProposedFix): Redline[] {
  const { changeId, safety, summary } = fix;
  const hunks = editHunks(document.stored, fix.edits);
  const { first, count } = fix.hunks ?? { first: 0, count: fix.hunks === null ? 1 : hunks.length };
  return hunks.map((hunk, index) => {
    const edits = hunk.edits.map((edit) => document.edit(edit));
    const shape = isInline(document.text, edits)
      ? { form: "inline" as const, parts: edits }
      : { form: "block" as const, parts: [expandToLines(document.text, starts, edits)] };
    const from = shape.parts[0]?.start ?? 0;
    const to = shape.parts.at(-1)?.end ?? from;
    const firstLine = lineAt(starts, from);
    const lastLine = to > from && document.text[to - 1] === "\n" ? lineAt(starts, to - 1) : lineAt(starts, to);
    const isAbove = shape.form === "block" && from === to && starts[firstLine - 1] === from;
    const place = { from, to, firstLine, lastLine, isAbove };
    const words = shape.form === "inline" ? strikeParts(document.text, edits) : strikeLines(document.text, shape.parts);
    return { changeId, identity, hunk: first + index, hunks: count, safety, summary, ...shape, ...words, ...place };
  });
}

type Words = Pick<Redline, "removed" | "struck" | "added">;

function strikeParts(text: string, parts: readonly TextEdit[]): Words {
  const removed = parts.filter(({ start, end }) => end > start).map(({ start, end }) => ({ from: start, to: end }));
  return { removed, struck: removed.flatMap((range) => trimBlanks(text, range)), added: [] };
}

/** Strikes a block's changed words line by line while the lines are similar to the new ones, then whole lines. */
function strikeLines(text: string, [block = { start: 0, end: 0, text: "" }]: readonly TextEdit[]): Words {
  const after = splitLines(block.text);
  const words: Words = { removed: [], struck: [], added: [] };
  let isSimilar = true;
  let from = block.start;
  let into = 0;
  for (const [index, line] of splitLines(text.slice(block.start, block.end)).entries()) {
    const next = after[index] ?? "";
    const changed: ReturnType<typeof changedWords> = isSimilar ? changedWords(line.trimEnd(), next.trimEnd()) : null;
    isSimilar &&= changed !== null;
    const removed = (changed?.before ?? []).flatMap((range) => trimBlanks(text, shift(range, from)));
    words.removed.push(...removed);
    words.struck.push(...(removed.length > 0 ? removed : trimBlanks(text, { from, to: from + line.length })));
    words.added.push(...(changed?.after ?? []).map((range) => shift(range, into)));
    from += line.length;
    into += next.length;
  }
  return words;
}

const shift = ({ from, to }: CharRange, by: number): CharRange => ({ from: from + by, to: to + by });

/** Returns a range without the blanks at its ends; nothing when it is blank. */
function trimBlanks(text: string, { from, to }: CharRange): CharRange[] {
  const part = text.slice(from, to);
  const start = from + part.length - part.trimStart().length;
  const end = from + part.trimEnd().length;
  return end > start ? [{ from: start, to: end }] : [];
}

function isInline(text: string, edits: readonly TextEdit[]): boolean {
  return edits.every((edit) => !edit.text.includes("\n") && !text.slice(edit.start, edit.end).includes("\n"));
}

/** Expands edits to one replacement of whole lines, without leading and trailing lines that stay the same. */
function expandToLines(text: string, starts: readonly number[], edits: readonly TextEdit[]): TextEdit {
  const first = edits[0] ?? { start: 0, end: 0, text: "" };
  const last = edits.at(-1) ?? first;
  const start = starts[lineAt(starts, first.start) - 1] ?? 0;
  const endsAtLineStart = last.end > first.start && text[last.end - 1] === "\n" && endsLine(last.text);
  const end = endsAtLineStart ? last.end : (starts[lineAt(starts, last.end)] ?? text.length);
  const inside = edits.map((edit) => ({ ...edit, start: edit.start - start, end: edit.end - start }));
  return trimSameLines(text, start, end, applyEdits(text.slice(start, end), inside));
}

const endsLine = (text: string): boolean => text === "" || text.endsWith("\n");

function trimSameLines(text: string, start: number, end: number, replacement: string): TextEdit {
  let from = start;
  let to = end;
  let next = replacement;
  for (let line = text.indexOf("\n", from) + 1; line > 0 && line <= to; line = text.indexOf("\n", from) + 1) {
    const same = text.slice(from, line);
    if (!next.startsWith(same)) break;
    from = line;
    next = next.slice(same.length);
  }
  for (let line = lineBefore(text, to); to > from && line >= from; line = lineBefore(text, to)) {
    const same = text.slice(line, to);
    if (!next.endsWith(same) || !(next.length === same.length || next[next.length - same.length - 1] === "\n")) break;
    to = line;
    next = next.slice(0, next.length - same.length);
  }
  return { start: from, end: to, text: next };
}

/** Returns the start of the line that ends at an offset. */
const lineBefore = (text: string, end: number): number => (end < 2 ? 0 : text.lastIndexOf("\n", end - 2) + 1);
