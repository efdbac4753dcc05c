/** Where removed lines come back to: with what they were paired with before anything of their hunk was rejected. */
import { getText } from "../../platform/blobs";
import { diffLines, type HunkLines, linesIn, splitLines } from "../../text/index";
import { reversionOf } from "./fold";
import type { HunksOfDecision, LogEntry, RevertStep } from "./schema";

/** A line of the base or of the head that the rejections began with; `by` is the decision that took or brought it. */
type Row = { base?: number; text: string; isShown: boolean; by?: number };

type Sides = Pick<RevertStep, "path" | "base" | "from">;

/**
 * Returns the parts with the places at which their removed lines come back. A head of which single lines were rejected before
 * no longer tells which lines were paired: the log does.
 */
export async function pairParts<Part extends HunksOfDecision>(
  teamId: string,
  log: readonly LogEntry[],
  sides: Sides,
  parts: readonly Part[],
): Promise<Part[]> {
  const isPartial = parts.some(({ hunks }) => hunks.some(({ places }) => places));
  const places = isPartial ? await placesIn(teamId, log, sides) : undefined;
  if (!places) return [...parts];
  return parts.map((part) => ({ ...part, hunks: part.hunks.map((hunk) => withPlaces(hunk, places)) }));
}

function withPlaces(hunk: HunkLines, places: ReadonlyMap<number, number>): HunkLines {
  const found = hunk.places && linesIn(hunk.removed).map((line) => places.get(line) ?? 0);
  return !found || found.includes(0) ? hunk : { ...hunk, places: found };
}

/** Returns before which line of the head each line of the base that is gone comes back; undefined where nothing was reverted. */
async function placesIn(
  teamId: string,
  log: readonly LogEntry[],
  { path, base, from }: Sides,
): Promise<Map<number, number> | undefined> {
  const textOf = (hash: string | null) => (hash === null ? Promise.resolve("") : getText(teamId, hash));
  let rows: Row[] | undefined;
  for (const entry of log) {
    if (entry.kind === "undo") undo(rows ?? [], entry.of);
    const step = reversionOf(entry)?.steps.find((each) => each.path === path && each.base === base);
    if (!step) continue;
    const text = await textOf(step.from);
    if (!rows || !isText(rows, text)) rows = rowsOf(await textOf(base), text);
    if (!revert(rows, step.parts)) rows = undefined;
  }
  if (!rows || !isText(rows, await textOf(from))) return undefined;
  const places = new Map<number, number>();
  let line = 1;
  for (const { base: number, isShown } of rows) {
    if (isShown) line++;
    else if (number !== undefined) places.set(number, line);
  }
  return places;
}

function rowsOf(before: string, after: string): Row[] {
  const [old, now] = [splitLines(before), splitLines(after)];
  const rows: Row[] = [];
  let at = 0;
  const keep = (until: number) => {
    for (; at < until; at++) rows.push({ base: at + 1, text: old[at] ?? "", isShown: true });
  };
  for (const { aStart, aEnd, bStart, bEnd } of diffLines(before, after)) {
    keep(aStart);
    for (let pair = 0; pair < Math.max(aEnd - aStart, bEnd - bStart); pair++) {
      const [a, b] = [aStart + pair, bStart + pair];
      if (a < aEnd) rows.push({ base: a + 1, text: old[a] ?? "", isShown: false });
      if (b < bEnd) rows.push({ text: now[b] ?? "", isShown: true });
    }
    at = aEnd;
  }
  keep(old.length);
  return rows;
}

/** Reverts lines in the rows; returns false where one of them is not there. */
function revert(rows: readonly Row[], parts: readonly HunksOfDecision[]): boolean {
  const shown = rows.filter(({ isShown }) => isShown);
  const hidden = new Map(rows.flatMap((row) => (row.base !== undefined && !row.isShown ? [[row.base, row]] : [])));
  const changes = parts.flatMap(({ number, hunks }) => [
    ...hunks.flatMap(({ removed }) => linesIn(removed)).map((line) => ({ number, row: hidden.get(line) })),
    ...hunks.flatMap(({ added }) => linesIn(added)).map((line) => ({ number, row: shown[line - 1] })),
  ]);
  for (const { number, row } of changes) {
    if (!row) return false;
    row.isShown = !row.isShown;
    row.by = number;
  }
  return true;
}

function undo(rows: readonly Row[], number: number): void {
  for (const row of rows) {
    if (row.by !== number) continue;
    row.isShown = !row.isShown;
    row.by = undefined;
  }
}

/** A last line may have got a line end, as another came to stand after it. */
function isText(rows: readonly Row[], text: string): boolean {
  const bare = (line: string) => line.replace(/\r?\n$/, "");
  const lines = splitLines(text);
  const shown = rows.filter(({ isShown }) => isShown);
  return shown.length === lines.length && shown.every((row, at) => bare(row.text) === bare(lines[at] ?? ""));
}
