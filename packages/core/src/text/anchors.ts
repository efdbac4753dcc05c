/**
 * Anchors: where a thread points, carried from version to version with their certainty. An anchor follows its lines
 * through the diff, through edits that leave them recognizable, and through moves; otherwise it becomes *outdated*.
 */
import { BlockSearch, nearestText } from "./block-search";
import { type LineFate, LineMap } from "./line-map";
import { lineStarts, splitLines } from "./lines";
import { longestAscending } from "./unique-matcher";

export type AnchorState = "exact" | "edited" | "moved" | "outdated";

/**
 * A block of lines in one version; plain JSON, under 3 KB. `confidence` is 0 to 1, and 0 once outdated (then the lines
 * are the last ones known). `quote` is the block as it was when the anchor was made, cut to fit; `before` and `after`
 * are the nearest lines with text around it.
 */
export type Anchor = {
  /** 1-based, inclusive. */
  startLine: number;
  endLine: number;
  state: AnchorState;
  confidence: number;
  quote: string;
  quoteIsWhole: boolean;
  before: string;
  after: string;
};

const MAX_QUOTE = 2_000;
/** Blank lines around a block are passed over this far to find the text next to it. */
const CONTEXT_LINES = 20;
const MOVED_CONFIDENCE = 0.8;
/** A block stays when lines worth this share of it are still there. */
const MIN_KEPT_SHARE = 0.4;

/**
 * Creates an anchor for lines `startLine` to `endLine` (1-based, inclusive). Throws a RangeError for lines that do not
 * exist.
 */
export function createAnchor(text: string, startLine: number, endLine: number): Anchor {
  return anchorAt(text, lineStarts(text), startLine, endLine);
}

/** Creates anchors for many blocks of one text, splitting it once. Throws a RangeError for lines that do not exist. */
export function createAnchors(text: string, blocks: readonly Pick<Anchor, "startLine" | "endLine">[]): Anchor[] {
  const starts = lineStarts(text);
  return blocks.map(({ startLine, endLine }) => anchorAt(text, starts, startLine, endLine));
}

function anchorAt(text: string, starts: Int32Array, startLine: number, endLine: number): Anchor {
  const count = starts.length - 1;
  const isRange = Number.isInteger(startLine) && Number.isInteger(endLine) && startLine >= 1 && endLine >= startLine;
  if (!isRange || endLine > Math.max(1, count)) {
    throw new RangeError(`Lines ${startLine} to ${endLine} are not in a text of ${count} lines.`);
  }
  const quote = text.slice(starts[startLine - 1], starts[Math.min(endLine, count)]).trimEnd();
  const above = text.slice(starts[Math.max(0, startLine - 1 - CONTEXT_LINES)], starts[startLine - 1]);
  const below = text.slice(starts[Math.min(endLine, count)], starts[Math.min(endLine + CONTEXT_LINES, count)]);
  return {
    startLine,
    endLine,
    state: "exact",
    confidence: 1,
    quote: quote.slice(0, MAX_QUOTE),
    quoteIsWhole: quote.length <= MAX_QUOTE,
    before: nearestText(splitLines(above).reverse(), 0, 1),
    after: nearestText(splitLines(below), 0, 1),
  };
}

/**
 * Returns the anchor carried from text `from` to text `to`, with its new lines, state and confidence. One that can be
 * neither followed nor found again is *outdated*.
 */
export function carryAnchor(anchor: Anchor, from: string, to: string): Anchor {
  return carryAnchors([anchor], from, to)[0] as Anchor;
}

/**
 * Returns the anchors of one file carried from text `from` to text `to`, in their order; the texts are compared once.
 */
export function carryAnchors(anchors: readonly Anchor[], from: string, to: string): Anchor[] {
  if (from === to) return anchors.map((anchor) => ({ ...anchor }));
  const map = new LineMap(from, to);
  const lines = splitLines(to);
  const search = new BlockSearch(lines, map);
  return anchors.map((anchor) => carry(anchor, map, lines, search));
}

function carry(anchor: Anchor, map: LineMap, lines: readonly string[], search: BlockSearch): Anchor {
  if (anchor.state === "outdated") return found(anchor, search) ?? anchor;
  const placed = follow(anchor, map);
  if (!placed) return found(anchor, search) ?? { ...anchor, state: "outdated", confidence: 0 };
  const moved = anchor.state === "moved";
  if (!isQuoted(placed, lines)) return { ...placed, state: moved ? "moved" : "edited" };
  return moved ? { ...placed, confidence: anchor.confidence } : { ...placed, state: "exact", confidence: 1 };
}

/** Returns the anchor at its lines' present place, by the diff; undefined when too few of them are left. */
function follow(anchor: Anchor, map: LineMap): Anchor | undefined {
  const fates: LineFate[] = [];
  for (let line = anchor.startLine - 1; line < anchor.endLine; line++) {
    const fate = map.fateOf(line);
    if (fate) fates.push(fate);
  }
  // Lines that changed places among themselves: the block is where most of them still follow each other.
  const inOrder = longestAscending(fates.map((fate) => fate.line)).map((at) => fates[at] as LineFate);
  const first = inOrder[0]?.line;
  const last = inOrder[inOrder.length - 1]?.line ?? 0;
  const kept = inOrder.reduce((sum, fate) => sum + fate.likeness, 0);
  const share = kept / (anchor.endLine - anchor.startLine + 1);
  if (first === undefined || share < MIN_KEPT_SHARE) return undefined;
  return { ...anchor, startLine: first + 1, endLine: last + 1, confidence: Math.min(anchor.confidence, share) };
}

/**
 * Returns the anchor at a block that was moved within this version, or that reappeared in it; undefined without one.
 */
function found(anchor: Anchor, search: BlockSearch): Anchor | undefined {
  if (!anchor.quoteIsWhole) return undefined;
  const place = search.find(anchor);
  if (!place) return undefined;
  const lines = { startLine: place.startLine, endLine: place.endLine };
  if (place.inContext && anchor.state === "outdated") return { ...anchor, ...lines, state: "exact", confidence: 1 };
  return { ...anchor, ...lines, state: "moved", confidence: MOVED_CONFIDENCE };
}

function quoteOf(lines: readonly string[], startLine: number, endLine: number): string {
  return lines
    .slice(startLine - 1, endLine)
    .join("")
    .trimEnd();
}

function isQuoted(anchor: Anchor, lines: readonly string[]): boolean {
  const now = quoteOf(lines, anchor.startLine, anchor.endLine);
  return anchor.quoteIsWhole ? now === anchor.quote : now.startsWith(anchor.quote);
}
