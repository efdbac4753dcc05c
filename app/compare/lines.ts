import { highlightClassName } from "@redline/core/reviewers/schema";
import type { CharRange } from "../editor/changed-words";
import type { Line, Piece } from "./rows";

/** A text split into lines: `starts` has one entry more than there are lines; `spans` are highlight triples. */
export type SideText = { text: string; starts: number[]; spans: ArrayLike<number> };

const MAX_LINE_CHARS = 2_000;

export function splitSide(text: string, spans: ArrayLike<number>): SideText {
  const starts = [0];
  for (let at = text.indexOf("\n"); at !== -1 && at + 1 < text.length; at = text.indexOf("\n", at + 1)) {
    starts.push(at + 1);
  }
  if (text !== "") starts.push(text.length);
  return { text, starts, spans };
}

/** Builds a line (0-based) from pieces with their token classes and changed ranges (offsets of the whole text). */
export function buildLine(side: SideText, index: number, changed: readonly CharRange[] = []): Line {
  const from = side.starts[index] ?? 0;
  const end = endWithoutBreak(side, index);
  const to = Math.min(end, from + MAX_LINE_CHARS);
  const cuts = new Set([from, to]);
  const addCut = (at: number) => at > from && at < to && cuts.add(at);
  const firstSpan = firstSpanAfter(side.spans, from);
  for (let at = firstSpan; (side.spans[at] ?? Number.POSITIVE_INFINITY) < to; at += 3) {
    addCut(side.spans[at] ?? 0);
    addCut(side.spans[at + 1] ?? 0);
  }
  for (const range of changed) {
    addCut(range.from);
    addCut(range.to);
  }
  const points = [...cuts].sort((a, b) => a - b);
  const pieces: Piece[] = [];
  let span = firstSpan;
  for (let at = 0; at + 1 < points.length; at++) {
    const [start, stop] = [points[at] ?? 0, points[at + 1] ?? 0];
    while ((side.spans[span + 1] ?? Number.POSITIVE_INFINITY) <= start) span += 3;
    const isInSpan = (side.spans[span] ?? Number.POSITIVE_INFINITY) <= start;
    const className = isInSpan ? highlightClassName(side.spans[span + 2] ?? 0) : "";
    const isChanged = changed.some((range) => range.from <= start && range.to >= stop);
    pieces.push({
      text: side.text.slice(start, stop),
      ...(className && { className }),
      ...(isChanged && { isChanged: true as const }),
    });
  }
  return { number: index + 1, pieces: joinAlike(pieces), ...(to < end && { isCut: true as const }) };
}

function endWithoutBreak({ text, starts }: SideText, index: number): number {
  const end = starts[index + 1] ?? text.length;
  if (text[end - 1] !== "\n") return end;
  return text[end - 2] === "\r" ? end - 2 : end - 1;
}

/** Returns the index of the first triple that ends after `at`. */
function firstSpanAfter(spans: ArrayLike<number>, at: number): number {
  let low = 0;
  let high = spans.length / 3;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((spans[middle * 3 + 1] ?? 0) > at) high = middle;
    else low = middle + 1;
  }
  return low * 3;
}

function joinAlike(pieces: readonly Piece[]): Piece[] {
  const joined: Piece[] = [];
  for (const piece of pieces) {
    const last = joined.at(-1);
    if (last && last.className === piece.className && last.isChanged === piece.isChanged) last.text += piece.text;
    else joined.push({ ...piece });
  }
  return joined;
}
