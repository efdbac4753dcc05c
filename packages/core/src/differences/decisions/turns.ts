/** Turns of the agent that writes a difference: rejections wait for their ends. */
import * as v from "valibot";
import type { Actor } from "../../auth/schema";
import type { Codebase, TreeEntry } from "../../codebases/schema";
import { operation } from "../../platform/operation";
import { getSession } from "../../sessions/index";
import { sessionId } from "../../sessions/schema";
import { differenceOf, type FileOnBothSides } from "../read";
import { appendEntry, type EntryHead, putEntry } from "./append";
import { hunkOf, isLines, reversionOf, undoneIn } from "./fold";
import { type Loaded, loadDifference } from "./load";
import { queryEntries } from "./log";
import { pairParts } from "./pairing";
import { type PlannedStep, revertWith } from "./revert";
import { type LogEntry, newDecisionId, startTurnSchema } from "./schema";
import { placeInFile } from "./state";
import { turnOf } from "./turn";

/** Starts a turn of an agent: until it ends, rejections wait. A turn with the same label that is open goes on. */
export const startTurn = operation("differences.startTurn", "code.edit", startTurnSchema, async (actor, input) => {
  await loadDifference(actor, input.sessionId);
  const entry = await appendEntry(actor, input.sessionId, newDecisionId(), async (log, head) => {
    const turn = turnOf(log);
    const open = log.findLast((each) => each.kind === "turn-start");
    if (turn?.state === "open" && open && (input.label === "" || input.label === turn.label)) return open;
    const number = (turn?.number ?? 0) + 1;
    const label = input.label || `turn ${number}`;
    return putEntry(actor, input.sessionId, { ...head, kind: "turn-start", turn: number, label });
  });
  return turnOf([entry]) ?? null;
});

/**
 * Ends the agent's open turn: pending rejections take effect, as one change. Those whose lines changed in the turn are
 * outdated. Nothing happens where no turn is open.
 */
export const endTurn = operation("differences.endTurn", "code.edit", v.object({ sessionId }), async (actor, input) => {
  const { session, codebase } = await loadDifference(actor, input.sessionId);
  const noTurn = (await queryEntries(input.sessionId)).every((entry) => entry.kind !== "turn-start");
  if (noTurn) return { turn: null, reverted: [] as string[] };
  const entry = await appendEntry(actor, input.sessionId, newDecisionId(), (log, head) =>
    endIn(actor, { session, codebase }, log, head),
  );
  const log = await queryEntries(input.sessionId);
  const steps = entry.kind === "turn-end" ? (entry.reversion?.steps ?? []) : [];
  return { turn: turnOf(log) ?? null, reverted: steps.map(({ path }) => path) };
});

async function endIn(
  actor: Actor,
  { session, codebase }: Pick<Loaded, "session" | "codebase">,
  log: LogEntry[],
  head: EntryHead,
): Promise<LogEntry | undefined> {
  const turn = turnOf(log);
  const last = log.findLast((entry) => entry.kind === "turn-end");
  if (turn?.state !== "open" && last) return last;
  const entry = { ...head, kind: "turn-end" as const, turn: turn?.number ?? 1 };
  const waiting = pendingPaths(log);
  if (waiting.length === 0) return putEntry(actor, session.id, entry);
  const plan = async (tree: TreeEntry[]): Promise<PlannedStep[]> => {
    // Loaded anew: a head that came meanwhile may have brought another base.
    const now = await differenceOf(await getSession(actor, { id: session.id }), { ...codebase, tree });
    const files = now?.files.filter(({ file }) => waiting.includes(file.path)) ?? [];
    const steps = await Promise.all(files.map((each) => planFile(codebase, log, each)));
    return steps.filter(({ parts }) => parts.length > 0);
  };
  const summary = `Reject lines of ${waiting.join(", ")}`.slice(0, 200);
  return revertWith(actor, codebase, { sessionId: session.id, entry }, summary, plan);
}

function pendingPaths(log: readonly LogEntry[]): string[] {
  const undone = undoneIn(log);
  const reverted = new Set(
    log.flatMap((entry) => reversionOf(entry)?.steps.flatMap(({ parts }) => parts) ?? []).map(({ number }) => number),
  );
  const pending = log
    .filter(isLines)
    .filter(({ kind, number }) => kind === "reject" && !undone.has(number) && !reverted.has(number));
  return [...new Set(pending.map(({ path }) => path))];
}

async function planFile(codebase: Codebase, log: readonly LogEntry[], each: FileOnBothSides): Promise<PlannedStep> {
  const placed = (await placeInFile(codebase, log, each)).filter(({ state }) => state === "pending");
  const parts = placed.map((part) => ({ number: part.number, hunks: [hunkOf(part)] }));
  const sides = { path: each.file.path, base: each.before?.hash ?? null, from: each.after?.hash ?? null };
  return { ...sides, parts: await pairParts(codebase.teamId, log, sides, parts) };
}
