/** Decisions on hunks and lines of a difference, and the turns of the agent that writes it. */
import * as v from "valibot";
import type { Actor } from "../../auth/schema";
import type { Codebase, TreeEntry } from "../../codebases/schema";
import { AppError } from "../../errors";
import { LIMITS } from "../../limits";
import { operation } from "../../platform/operation";
import { sessionId } from "../../sessions/schema";
import { allHunkLines, diffKnownLines, type HunkLines, splitByHunk } from "../../text/index";
import { type FileOnBothSides, fileAtVersion } from "../read";
import { textsOf } from "../texts";
import { appendEntry, putEntry } from "./append";
import { hunkOf, isLines, placeDecisions, reversionOf } from "./fold";
import { type Loaded, loadDifference } from "./load";
import { queryEntries } from "./log";
import { pairParts } from "./pairing";
import { hashAt, type PlannedStep, restoreWith, revertWith } from "./revert";
import {
  type DecideLines,
  type DecisionState,
  decideLinesSchema,
  type LinesEntry,
  type LogEntry,
  type PlacedLines,
  undoDecisionSchema,
} from "./schema";
import { decisionStates, filesToStage, placeInFile, readDecision, stateIn } from "./state";
import { turnOf } from "./turn";

export { endTurn, startTurn } from "./turns";

/** Returns the sides and hunks that a decision is about. Throws INVALID_INPUT for lines that are not changed. */
async function seenLines(
  { session, codebase }: Loaded,
  { version, path, lines }: DecideLines,
): Promise<Pick<LinesEntry, "path" | "version" | "base" | "head" | "hunks">> {
  const each = await fileAtVersion(session, codebase, { version, path });
  const { before, after, parts } = await textsOf(codebase, each);
  const changed = diffKnownLines(before ?? "", after ?? "", parts);
  const hunks: HunkLines[] | null = lines ? splitByHunk(changed, lines) : allHunkLines(changed);
  if (!hunks || hunks.length === 0)
    throw new AppError("INVALID_INPUT", `Those are not changed lines of ${path} in v${version}.`, { field: "lines" });
  const { maxHunks } = LIMITS.hunkDecision;
  if (hunks.length > maxHunks)
    throw new AppError("INVALID_INPUT", `${path} has ${hunks.length} hunks. Decide on at most ${maxHunks} at once.`);
  return { path, version, base: each.before?.hash ?? null, head: each.after?.hash ?? null, hunks };
}

/**
 * Accepts changed lines of a file: they are recorded, and are to be staged. Idempotent by id. Throws CHANGE_REFUSED where the
 * lines changed since `version`, as when they were rejected meanwhile.
 */
export const acceptLines = operation(
  "differences.acceptLines",
  "decisions.make",
  decideLinesSchema,
  async (actor, input) => {
    const loaded = await loadDifference(actor, input.sessionId);
    const seen = await seenLines(loaded, input);
    const entry = await appendEntry(actor, input.sessionId, input.id, async (log, head) => {
      const entry: LinesEntry = { ...head, kind: "accept", note: input.note, ...seen };
      if (!(await isThere(actor, log, entry, input.sessionId)))
        throw new AppError(
          "CHANGE_REFUSED",
          `Lines of ${input.path} changed since. Nothing was accepted. Reload to see them.`,
        );
      return putEntry(actor, input.sessionId, entry);
    });
    return { number: entry.number, state: "accepted" as const };
  },
);

/**
 * Rejects changed lines of a file: a change reverts exactly those lines, or nothing. While an agent's turn is open the
 * rejection is *pending* until it ends. Idempotent by id. Throws CHANGE_REFUSED where the lines changed since `version`.
 */
export const rejectLines = operation(
  "differences.rejectLines",
  "code.edit",
  decideLinesSchema,
  async (actor, input) => {
    const loaded = await loadDifference(actor, input.sessionId);
    const seen = await seenLines(loaded, input);
    const { codebase } = loaded;
    const entry = await appendEntry(actor, input.sessionId, input.id, (log, head) => {
      const entry: LinesEntry = { ...head, kind: "reject", note: input.note, ...seen };
      if (turnOf(log)?.state === "open") return putEntry(actor, input.sessionId, entry);
      const plan = (tree: TreeEntry[]) => planOne(codebase.teamId, log, entry, tree);
      const summary = `Reject lines of ${input.path}`.slice(0, 200);
      return revertWith(actor, codebase, { sessionId: input.sessionId, entry }, summary, plan);
    });
    const version = reversionOf(entry)?.version;
    const state: DecisionState = version === undefined ? "pending" : "reverted";
    return { number: entry.number, state, version };
  },
);

/** Returns whether all lines of an entry are changed lines of the difference as it is now. */
async function isThere(actor: Actor, log: readonly LogEntry[], entry: LinesEntry, sessionId: string): Promise<boolean> {
  const { codebase, difference } = await loadDifference(actor, sessionId);
  const each = difference.files.find(({ file }) => file.path === entry.path);
  return each !== undefined && isWhole(entry, await placeInFile(codebase, [...log, entry], each));
}

const isWhole = ({ number, hunks }: LinesEntry, placed: readonly PlacedLines[]): boolean =>
  countLines(placed.filter((each) => each.number === number)) === countLines(hunks);

/** Plans the reversion of one rejection on a head. Throws CHANGE_REFUSED where some of its lines are not there any more. */
async function planOne(
  teamId: string,
  log: readonly LogEntry[],
  entry: LinesEntry,
  tree: readonly TreeEntry[],
): Promise<PlannedStep[]> {
  const { path, number, base } = entry;
  const from = hashAt(tree, path);
  const sides = { path, base, from };
  if (from === entry.head)
    return [{ ...sides, parts: await pairParts(teamId, log, sides, [{ number, hunks: entry.hunks }]) }];
  const placed = await placeDecisions(teamId, [...log, entry], path, { base, head: from });
  if (!isWhole(entry, placed))
    throw new AppError("CHANGE_REFUSED", `Lines of ${path} changed since. Nothing was reverted. Reload to see them.`);
  const hunks = placed.filter((each) => each.number === number).map(hunkOf);
  return [{ ...sides, parts: await pairParts(teamId, log, sides, [{ number, hunks }]) }];
}

const countLines = (hunks: readonly HunkLines[]): number =>
  hunks
    .flatMap(({ removed, added }) => [...removed, ...added])
    .reduce((sum, { first, last }) => sum + last - first + 1, 0);

/**
 * Undoes a decision, by appending that it was: the lines of a rejection that took effect come back. Idempotent. Throws
 * CHANGE_REFUSED where their place changed since.
 */
export const undoDecision = operation(
  "differences.undoDecision",
  "code.edit",
  undoDecisionSchema,
  async (actor, input) => {
    const { codebase } = await loadDifference(actor, input.sessionId);
    await appendEntry(actor, input.sessionId, input.id, async (log, head) => {
      const entry = log.find((each) => each.number === input.number);
      if (!entry || !isLines(entry)) throw new AppError("NOT_FOUND", "That decision was not found.");
      const done = log.find((each) => each.kind === "undo" && each.of === entry.number);
      if (done) return done;
      const undo = { ...head, kind: "undo" as const, of: entry.number };
      const reversion = log
        .map(reversionOf)
        .find((each) => each?.steps.some(({ parts }) => hasPart(parts, entry.number)));
      if (!reversion) return putEntry(actor, input.sessionId, undo);
      const summary = `Undo the rejection of lines of ${entry.path}`.slice(0, 200);
      const isWritten = await restoreWith(
        actor,
        codebase,
        { sessionId: input.sessionId, entry: undo },
        summary,
        reversion,
      );
      return isWritten ? undo : undefined;
    });
    return { number: input.number, state: "undone" as const };
  },
);

const hasPart = (parts: readonly { number: number }[], number: number) => parts.some((part) => part.number === number);

/**
 * Returns the decisions after a cursor with what became of each, the files to stage and the agent's turn. `cursor` is to be
 * sent as `after` the next time. A decision that was undone, or took effect, since is listed again.
 */
export const listDecisions = operation(
  "differences.listDecisions",
  "code.read",
  v.object({
    sessionId,
    after: v.optional(v.pipe(v.number("Enter a number."), v.integer(), v.minValue(0)), 0),
  }),
  async (actor, input) => {
    const { session, codebase, difference } = await loadDifference(actor, input.sessionId);
    const log = await queryEntries(session.id);
    const placed = await placeInFiles(codebase, log, difference.files);
    const states = decisionStates(log, [...placed.values()].flat());
    const isNew = (number: number) => number > input.after;
    const again = new Set(log.filter(({ number }) => isNew(number)).flatMap(settledBy));
    const listed = log.filter(isLines).filter(({ number }) => isNew(number) || again.has(number));
    return {
      version: codebase.number,
      cursor: log.at(-1)?.number ?? 0,
      turn: turnOf(log) ?? null,
      decisions: await Promise.all(listed.map((entry) => readDecision(codebase.teamId, entry, stateIn(states, entry)))),
      stage: await filesToStage(codebase, log, difference.files, placed),
    };
  },
);

/** The earlier decisions of which an entry makes something else: an undo, or the end of the turn that they waited for. */
function settledBy(entry: LogEntry): number[] {
  if (entry.kind === "undo") return [entry.of];
  const steps = entry.kind === "turn-end" ? (entry.reversion?.steps ?? []) : [];
  return steps.flatMap(({ parts }) => parts.map(({ number }) => number));
}

async function placeInFiles(codebase: Codebase, log: readonly LogEntry[], files: readonly FileOnBothSides[]) {
  const placed = files.map(async (each) => [each.file.path, await placeInFile(codebase, log, each)] as const);
  return new Map(await Promise.all(placed));
}
