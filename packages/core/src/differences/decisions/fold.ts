/** Where decided lines of one file are now: its log, carried from content to content. */
import { getText } from "../../platform/blobs";
import {
  carryAnchor,
  createAnchor,
  diffKnownLines,
  diffLines,
  type HunkLines,
  type KnownPart,
  type LineHunk,
  type LineMoves,
  linesIn,
  mapReverted,
  splitByHunk,
  splitLines,
  toRanges,
} from "../../text/index";
import type { LinesEntry, LogEntry, PlacedLines, Reversion, RevertStep } from "./schema";

/** Both sides of a file, by hash; null where there is no such file. */
export type Sides = { base: string | null; head: string | null };

/** Lines of one hunk of one decision; `at` is where they were, once they are reverted. */
type Piece = { number: number; decision: "accept" | "reject"; removed: number[]; added: number[]; revertedAt?: number };

type Moves = LineMoves & { isChanged: (first: number, last: number) => boolean };

type Texts = (hash: string | null) => Promise<string>;

/** Returns the reversion that came with an entry. */
export const reversionOf = (entry: LogEntry): Reversion | undefined =>
  entry.kind === "reject" || entry.kind === "turn-end" ? entry.reversion : undefined;

/** Returns the lines alone. */
export const hunkOf = ({ at, removed, added, places }: PlacedLines): HunkLines => ({
  ...{ at, removed, added },
  ...(places && { places }),
});

export const isLines = (entry: LogEntry): entry is LinesEntry => entry.kind === "accept" || entry.kind === "reject";

/** Returns the numbers of decisions that were undone. */
export const undoneIn = (log: readonly LogEntry[]): Set<number> =>
  new Set(log.flatMap((entry) => (entry.kind === "undo" ? [entry.of] : [])));

/**
 * Returns where a file's decided lines are on its sides as they are now. A decision follows its lines; of a hunk that
 * changed again nothing is decided any more.
 */
export async function placeDecisions(
  teamId: string,
  log: readonly LogEntry[],
  path: string,
  now: Sides & { parts?: KnownPart[] },
): Promise<PlacedLines[]> {
  const undone = undoneIn(log);
  const steps = log.flatMap((entry) => reversionOf(entry)?.steps ?? []).filter((step) => step.path === path);
  const texts: Texts = (hash) => (hash === null ? Promise.resolve("") : getText(teamId, hash));
  let pieces: Piece[] = [];
  let sides: Sides | undefined;
  const moveTo = async (next: Sides): Promise<void> => {
    if (sides && pieces.length > 0) pieces = await carryPieces(pieces, sides, next, steps, texts);
    sides = next;
  };
  for (const entry of log) {
    if (isLines(entry) && entry.path === path && !undone.has(entry.number)) {
      await moveTo({ base: entry.base, head: entry.head });
      pieces = [...withoutLines(pieces, entry), ...piecesOf(entry)];
    }
    const step = reversionOf(entry)?.steps.find((each) => each.path === path);
    const parts = step?.parts.filter(({ number }) => !undone.has(number)) ?? [];
    if (!step || parts.length === 0) continue;
    await moveTo({ base: step.base, head: step.from });
    pieces = [...pieces.filter((piece) => !parts.some(({ number }) => number === piece.number)), ...revertedOf(parts)];
    await moveTo({ base: step.base, head: step.to });
  }
  if (pieces.length === 0) return [];
  await moveTo(now);
  const hunks = diffKnownLines(await texts(now.base), await texts(now.head), now.parts);
  return pieces.flatMap((piece) => placed(piece, hunks));
}

function placed({ number, decision, removed, added, revertedAt }: Piece, hunks: readonly LineHunk[]): PlacedLines[] {
  const lines = { removed: toRanges(removed), added: toRanges(added) };
  if (revertedAt !== undefined) return [{ number, decision, state: "reverted", ...lines, at: revertedAt }];
  const state = decision === "accept" ? "accepted" : "pending";
  return (splitByHunk(hunks, lines) ?? []).map((part) => ({ number, decision, state, ...part }));
}

const piecesOf = ({ number, kind, hunks }: LinesEntry): Piece[] =>
  hunks.map(({ removed, added }) => ({ number, decision: kind, removed: linesIn(removed), added: linesIn(added) }));

const revertedOf = (parts: RevertStep["parts"]): Piece[] =>
  parts.flatMap(({ number, hunks }) =>
    hunks.map(({ removed, added, at, places }) => ({
      ...{ number, decision: "reject" as const, revertedAt: places?.[0] ?? at },
      ...{ removed: linesIn(removed), added: linesIn(added) },
    })),
  );

/** A later decision on the same lines is the one that counts. */
function withoutLines(pieces: readonly Piece[], { hunks }: LinesEntry): Piece[] {
  const removed = new Set(hunks.flatMap((hunk) => linesIn(hunk.removed)));
  const added = new Set(hunks.flatMap((hunk) => linesIn(hunk.added)));
  return pieces.flatMap((piece) => {
    if (piece.revertedAt !== undefined) return [piece];
    const rest = {
      removed: piece.removed.filter((line) => !removed.has(line)),
      added: piece.added.filter((line) => !added.has(line)),
    };
    return rest.removed.length + rest.added.length === 0 ? [] : [{ ...piece, ...rest }];
  });
}

async function carryPieces(
  pieces: readonly Piece[],
  from: Sides,
  to: Sides,
  steps: readonly RevertStep[],
  texts: Texts,
): Promise<Piece[]> {
  if (from.base === to.base && from.head === to.head) return [...pieces];
  const own = steps.find((step) => step.from === from.head && step.to === to.head);
  const [before, after] = [await texts(from.head), await texts(to.head)];
  const [oldBase, newBase] = [await texts(from.base), await texts(to.base)];
  const head = own ? movesOfStep(own) : movesBetween(before, after);
  const base = movesBetween(oldBase, newBase);
  return pieces.flatMap((piece): Piece[] => {
    const { revertedAt: at } = piece;
    if (at !== undefined) {
      return head.isChanged(at, at + piece.removed.length) ? [] : [{ ...piece, revertedAt: head.placeOf(at) }];
    }
    const added = carryLines(piece.added, head, before, after);
    const removed = carryLines(piece.removed, base, oldBase, newBase);
    return added && removed ? [{ ...piece, removed, added }] : [];
  });
}

/** Returns the lines at their new places; null where one of them is not there any more. */
function carryLines(lines: readonly number[], { lineOf }: LineMoves, from: string, to: string): number[] | null {
  const carried = lines.map(lineOf);
  if (!carried.includes(0)) return carried;
  const [first = 0, last = 0] = [lines[0], lines.at(-1)];
  return last - first + 1 === lines.length ? findMoved(first, last, from, to) : null;
}

/** Finds lines that stand together and were moved as they are. */
function findMoved(first: number, last: number, from: string, to: string): number[] | null {
  const anchor = carryAnchor(createAnchor(from, first, last), from, to);
  if (anchor.state === "outdated" || anchor.endLine - anchor.startLine !== last - first) return null;
  const [old, now] = [splitLines(from).slice(first - 1, last), splitLines(to)];
  if (old.some((line, at) => now[anchor.startLine - 1 + at] !== line)) return null;
  return old.map((_, at) => anchor.startLine + at);
}

const movesOfStep = ({ parts }: RevertStep): Moves => ({
  ...mapReverted(parts.flatMap(({ hunks }) => hunks)),
  isChanged: () => false,
});

function movesBetween(from: string, to: string): Moves {
  const hunks = from === to ? [] : diffLines(from, to);
  const carry = (line: number, gone: (hunk: LineHunk) => number): number => {
    let shift = 0;
    for (const hunk of hunks) {
      if (line <= hunk.aStart) break;
      if (line <= hunk.aEnd) return gone(hunk);
      shift = hunk.bEnd - hunk.aEnd;
    }
    return line + shift;
  };
  return {
    lineOf: (line) => carry(line, () => 0),
    placeOf: (line) => carry(line, ({ bStart }) => bStart + 1),
    isChanged: (first, last) => hunks.some(({ aStart, aEnd }) => aStart < last && first <= aEnd + 1),
  };
}
