/** A difference's decisions as they stand: where their lines are now, and what of them is to be staged. */
import type { Codebase } from "../../codebases/schema";
import { getText } from "../../platform/blobs";
import { allHunkLines, diffKnownLines, linesIn, type SelectedLines, splitLines, takeLines } from "../../text/index";
import type { FileOnBothSides } from "../read";
import { textsOf } from "../texts";
import { isLines, placeDecisions, reversionOf, undoneIn } from "./fold";
import { queryEntries } from "./log";
import type {
  DecisionState,
  FileToStage,
  LinesDecision,
  LinesEntry,
  LogEntry,
  PlacedLines,
  ShownDecision,
  Turn,
} from "./schema";
import { turnOf } from "./turn";

/** Returns where the decided lines of a file are now. */
export async function placeInFile(
  codebase: Codebase,
  log: readonly LogEntry[],
  each: FileOnBothSides,
): Promise<PlacedLines[]> {
  const { file, before, after } = each;
  if (!log.some((entry) => isLines(entry) && entry.path === file.path)) return [];
  const { parts } = file.parts ? await textsOf(codebase, each) : { parts: undefined };
  const sides = { base: before?.hash ?? null, head: after?.hash ?? null, ...(parts && { parts }) };
  return placeDecisions(codebase.teamId, log, file.path, sides);
}

/** Returns the state of every decision, by its number. */
export function decisionStates(log: readonly LogEntry[], placed: readonly PlacedLines[]): Map<number, DecisionState> {
  const undone = undoneIn(log);
  const standing = new Map(placed.map(({ number, state }) => [number, state]));
  return new Map(
    log
      .filter(isLines)
      .map(({ number }) => [number, undone.has(number) ? "undone" : (standing.get(number) ?? "outdated")]),
  );
}

/** Returns the decisions that stand, in their order, with the texts of their lines. */
export async function standingDecisions(
  codebase: Codebase,
  sessionId: string,
  files: readonly FileOnBothSides[],
): Promise<LinesDecision[]> {
  const log = await queryEntries(sessionId);
  const placed = await Promise.all(files.map((each) => placeInFile(codebase, log, each)));
  const states = decisionStates(log, placed.flat());
  const decisions = log.filter(isLines).map((entry) => readDecision(codebase.teamId, entry, stateIn(states, entry)));
  return (await Promise.all(decisions)).filter(({ state }) => state !== "undone" && state !== "outdated");
}

export const stateIn = (states: ReadonlyMap<number, DecisionState>, { number }: LinesEntry): DecisionState =>
  states.get(number) ?? "outdated";

/** Returns a decision with the text of its lines as they were seen. */
export async function readDecision(teamId: string, entry: LinesEntry, state: DecisionState): Promise<LinesDecision> {
  const { number, id, kind, path, version, base, head, hunks, note, authorName, createdAt } = entry;
  const lines = {
    removed: hunks.flatMap(({ removed }) => removed),
    added: hunks.flatMap(({ added }) => added),
  };
  return {
    ...{ number, id, decision: kind, state, path, version, lines },
    ...(await pickLines(teamId, base, head, lines)),
    ...{ note, authorName, createdAt },
  };
}

/** A file's hunks, how many of them are decided, and its decisions. Reverted hunks count, though they are there no more. */
export type DecidedFile = { hunks: number; decided: number; decisions: ShownDecision[] };

/** Returns the files of which lines were decided, by path, with the agent's turn. */
export async function decidedFiles(
  codebase: Codebase,
  sessionId: string,
  files: readonly FileOnBothSides[],
): Promise<{ turn: Turn | null; files: Map<string, DecidedFile> }> {
  const log = await queryEntries(sessionId);
  const named = new Set(log.filter(isLines).map(({ path }) => path));
  const decided = files
    .filter(({ file }) => named.has(file.path))
    .map(async (each) => [each.file.path, await decidedFile(codebase, log, each)] as const);
  return { turn: turnOf(log) ?? null, files: new Map(await Promise.all(decided)) };
}

async function decidedFile(codebase: Codebase, log: readonly LogEntry[], each: FileOnBothSides): Promise<DecidedFile> {
  const placed = await placeInFile(codebase, log, each);
  const { before, after, parts } = await textsOf(codebase, each);
  const hunks = allHunkLines(diffKnownLines(before ?? "", after ?? "", parts));
  const standing = placed.filter(({ state }) => state !== "reverted");
  const removed = new Set(standing.flatMap((lines) => linesIn(lines.removed)));
  const added = new Set(standing.flatMap((lines) => linesIn(lines.added)));
  const whole = hunks.filter(
    (hunk) =>
      linesIn(hunk.removed).every((line) => removed.has(line)) && linesIn(hunk.added).every((line) => added.has(line)),
  );
  const reverted = placed.length - standing.length;
  const decisions = await Promise.all(placed.map((lines) => showDecision(codebase.teamId, log, lines)));
  return { hunks: hunks.length + reverted, decided: whole.length + reverted, decisions };
}

async function showDecision(teamId: string, log: readonly LogEntry[], lines: PlacedLines): Promise<ShownDecision> {
  const entry = log.filter(isLines).find(({ number }) => number === lines.number);
  const shown = { ...lines, note: entry?.note ?? "", authorName: entry?.authorName ?? "" };
  const step = lines.state === "reverted" && stepOf(log, lines.number, entry?.path);
  if (!step) return shown;
  return { ...shown, gone: await pickLines(teamId, step.base, step.from, lines) };
}

const stepOf = (log: readonly LogEntry[], number: number, path: string | undefined) =>
  log
    .flatMap((entry) => reversionOf(entry)?.steps ?? [])
    .find((step) => step.path === path && step.parts.some((part) => part.number === number));

/** Returns the text of lines of both sides. */
async function pickLines(
  teamId: string,
  base: string | null,
  head: string | null,
  lines: SelectedLines,
): Promise<{ removed: string; added: string }> {
  const [before, after] = await Promise.all([base, head].map((hash) => (hash ? getText(teamId, hash) : "")));
  const pick = (text = "", numbers: number[]) => {
    const all = splitLines(text);
    return numbers.map((line) => all[line - 1] ?? "").join("");
  };
  return { removed: pick(before, linesIn(lines.removed)), added: pick(after, linesIn(lines.added)) };
}

/**
 * Returns the files of which lines were accepted at any time, as they are to be in git's index: the base with the accepted
 * lines. Files of which only hunks are known are left out.
 */
export async function filesToStage(
  codebase: Codebase,
  log: readonly LogEntry[],
  files: readonly FileOnBothSides[],
  placedIn: ReadonlyMap<string, PlacedLines[]>,
): Promise<FileToStage[]> {
  const named = new Set(log.flatMap((entry) => (entry.kind === "accept" ? [entry.path] : [])));
  const staged = files
    .filter(({ file }) => named.has(file.path) && !file.parts)
    .map(async (each): Promise<FileToStage> => {
      const { path, from, oldMode, newMode } = each.file;
      const { before, after } = await textsOf(codebase, each);
      const accepted = (placedIn.get(path) ?? []).filter(({ state }) => state === "accepted");
      const mode = newMode && newMode !== "000000" ? newMode : oldMode;
      const about = { path, ...(from !== undefined && { from }), ...(mode && { mode }), base: before };
      return { ...about, text: stagedText(before, after, accepted) };
    });
  return Promise.all(staged);
}

function stagedText(before: string | null, after: string | null, accepted: PlacedLines[]): string | null {
  if (accepted.length === 0) return before;
  const hunks = diffKnownLines(before ?? "", after ?? "");
  const text = takeLines(before ?? "", after ?? "", hunks, accepted);
  return text === "" && after === null ? null : text;
}
