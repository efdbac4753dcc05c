/** Reverts rejected lines of a difference, as one change that is applied exactly or not at all. */
import type { Actor } from "../../auth/schema";
import { applyDirectly } from "../../changes/internal";
import { ConditionFailed } from "../../codebases/internal";
import type { Codebase, FileEdit, TreeEntry, VersionKind } from "../../codebases/schema";
import { AppError } from "../../errors";
import { getText } from "../../platform/blobs";
import { derivedId } from "../../platform/ids";
import { diffEdits, revertLines } from "../../text/index";
import { entryWrite } from "./log";
import type { HunksOfDecision, LinesEntry, LogEntry, Reversion, RevertStep, TurnEndEntry, UndoEntry } from "./schema";

const textOf = (teamId: string, hash: string | null) => (hash === null ? Promise.resolve("") : getText(teamId, hash));

export const hashAt = (tree: readonly TreeEntry[], path: string): string | null =>
  tree.find((entry) => entry.path === path)?.hash ?? null;

/** Lines to revert in a file's content `from`, with what the content is then. */
export type PlannedStep = Omit<RevertStep, "to">;

/** Returns the edit that reverts parts of a step; the file is gone where the base has none and no line is left. */
async function editOf(teamId: string, { path, base, from, parts }: PlannedStep): Promise<FileEdit> {
  const [before, now] = await Promise.all([textOf(teamId, base), textOf(teamId, from)]);
  const text = revertLines(before, now, hunksOf(parts));
  if (text === "" && base === null) return { path, baseHash: from, edits: [], delete: true };
  return { path, baseHash: from, edits: diffEdits(now, text) };
}

const hunksOf = (parts: readonly HunksOfDecision[]) => parts.flatMap(({ hunks }) => hunks);

/**
 * Appends an entry and reverts the lines that `plan` returns for the head's files, in one transaction. Returns undefined
 * where another entry has its number by now: then nothing is written.
 */
export async function revertWith(
  actor: Actor,
  codebase: Codebase,
  { sessionId, entry }: { sessionId: string; entry: LinesEntry | TurnEndEntry },
  summary: string,
  plan: (head: TreeEntry[]) => Promise<PlannedStep[]>,
): Promise<LogEntry | undefined> {
  const changeId = derivedId("chg", sessionId, entry.id);
  let planned: PlannedStep[] = [];
  let written: LogEntry = entry;
  const edits = async (head: TreeEntry[]) => {
    planned = await plan(head);
    return Promise.all(planned.map((step) => editOf(codebase.teamId, step)));
  };
  const writes = ({ number, tree }: { number: number; tree: TreeEntry[] }) => {
    const steps = planned.map((step): RevertStep => ({ ...step, to: hashAt(tree, step.path) }));
    const reversion: Reversion = { changeId, version: number, steps };
    written = { ...entry, reversion };
    return [entryWrite(sessionId, actor.userId, written)];
  };
  const isWritten = await commitWith(actor, codebase, { sessionId, changeId, edits, kind: "apply", summary, writes });
  return isWritten && written !== entry ? written : undefined;
}

/** Appends an undo and brings back the lines that one decision of a reversion took. Returns false as above. */
export async function restoreWith(
  actor: Actor,
  codebase: Codebase,
  { sessionId, entry }: { sessionId: string; entry: UndoEntry },
  summary: string,
  { steps }: Reversion,
): Promise<boolean> {
  const changeId = derivedId("chg", sessionId, entry.id);
  const edits: FileEdit[] = [];
  for (const { path, base, from, to, parts } of steps) {
    if (!parts.some(({ number }) => number === entry.of)) continue;
    const [before, then, now] = await Promise.all([base, from, to].map((hash) => textOf(codebase.teamId, hash)));
    const others = parts.filter(({ number }) => number !== entry.of);
    const text = revertLines(before ?? "", then ?? "", hunksOf(others));
    const isGone = from === null && others.length === 0;
    edits.push({
      path,
      baseHash: to,
      edits: isGone ? [] : diffEdits(now ?? "", text),
      ...(isGone && { delete: true }),
    });
  }
  const writes = () => [entryWrite(sessionId, actor.userId, entry)];
  return commitWith(actor, codebase, { sessionId, changeId, edits, kind: "undo", summary, writes });
}

type Committed = { number: number; tree: TreeEntry[] };

async function commitWith(
  actor: Actor,
  codebase: Codebase,
  request: {
    sessionId: string;
    changeId: string;
    edits: FileEdit[] | ((head: TreeEntry[]) => Promise<FileEdit[]>);
    kind: VersionKind;
    summary: string;
    writes: (committed: Committed) => ReturnType<typeof entryWrite>[];
  },
): Promise<boolean> {
  const { sessionId, ...rest } = request;
  try {
    const origin = { kind: "rejection" as const, sessionId };
    const outcome = await applyDirectly(actor, codebase, { ...rest, base: codebase.number, origin });
    if (outcome.outcome === "conflict")
      throw new AppError("CHANGE_REFUSED", "These lines changed since. Nothing was changed. Reload to see them.");
    return outcome.outcome === "applied";
  } catch (error) {
    if (error instanceof ConditionFailed) return false;
    throw error;
  }
}
