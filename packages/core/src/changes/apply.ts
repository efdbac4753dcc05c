import type { Actor } from "../auth/schema";
import { ConditionFailed, commit, type NextVersion } from "../codebases/internal";
import type { Codebase, FileEdit, VersionKind } from "../codebases/schema";
import { AppError } from "../errors";
import { nowIso } from "../platform/clock";
import { derivedId } from "../platform/ids";
import { count } from "../platform/metrics";
import type { Write } from "../platform/transaction";
import { hunksOf, rebaseEdits, splitEdits } from "./edits";
import { repeatsInTime } from "./evidence";
import { acceptedHunksId, findingChangeId } from "./ids";
import type { ApplyOutcome, Change, Origin } from "./schema";
import { createWrite, readChange, transition, transitionWrite } from "./store";

/** A change that is created and applied in one transaction: a save, an undo, a restore, a merge. */
export type DirectChange = {
  /** The idempotency key, chosen by the client. */
  changeId: string;
  base: number;
  edits: FileEdit[] | ((head: Codebase["tree"]) => Promise<FileEdit[]>);
  kind: VersionKind;
  summary: string;
  origin: Origin;
  /** A proposed change that this one settles, such as the conflicted one that a person merged by hand. */
  resolves?: string;
  /** Other items that belong to the same transaction. */
  writes?: (committed: NextVersion) => Write[];
};

/**
 * Creates and applies a change in one transaction. On a conflict nothing is written. Throws ConditionFailed where one of
 * the request's own `writes` does not hold.
 */
export async function applyDirectly(actor: Actor, codebase: Codebase, request: DirectChange): Promise<ApplyOutcome> {
  const done = await readOutcome(codebase, request.changeId);
  if (done) return done;
  let edits: FileEdit[] = [];
  const resolve = async (head: Codebase["tree"]) => {
    edits = typeof request.edits === "function" ? await request.edits(head) : request.edits;
    return edits;
  };
  const writes = async (committed: NextVersion): Promise<Write[]> => [
    await createWrite(codebase.teamId, {
      ...newChange(actor, codebase.id, request.changeId),
      base: request.base,
      edits,
      summary: request.summary,
      origin: request.origin,
      status: "applied",
      appliedAs: committed.number,
      merged: committed.merged,
    }),
    ...(request.resolves
      ? [
          transitionWrite({
            codebaseId: codebase.id,
            id: request.resolves,
            from: ["proposed", "conflicted"],
            to: "applied",
            appliedAs: committed.number,
            merged: committed.merged,
          }),
        ]
      : []),
    ...(request.writes?.(committed) ?? []),
  ];
  return commitChange(actor, codebase, {
    ...request,
    edits: resolve,
    writes,
    hasOwnWrites: request.writes !== undefined,
  });
}

/** Applies a proposed change whole. */
export async function applyWhole(actor: Actor, codebase: Codebase, change: Change): Promise<ApplyOutcome> {
  const writes = async ({ number, merged }: NextVersion): Promise<Write[]> => [
    transitionWrite({
      codebaseId: codebase.id,
      id: change.id,
      from: ["proposed", "conflicted"],
      to: "applied",
      appliedAs: number,
      merged,
    }),
  ];
  const request = { changeId: change.id, edits: change.edits, kind: "apply" as const, summary: change.summary, writes };
  const outcome = await commitChange(actor, codebase, request);
  if (outcome.outcome === "conflict") {
    await transition({ codebaseId: codebase.id, id: change.id, from: ["proposed"], to: "conflicted" });
  }
  return outcome;
}

/**
 * Applies the chosen hunks of a change: it is superseded by two, the accepted hunks (applied) and the rest (proposed
 * against the new head, unless the rest no longer applies there).
 */
export async function applyHunks(
  actor: Actor,
  codebase: Codebase,
  change: Change,
  chosen: number[],
): Promise<ApplyOutcome> {
  const hunks = await hunksOf(codebase.teamId, change.edits);
  const wanted = new Set(chosen);
  if (chosen.some((index) => index >= hunks.length)) {
    throw new AppError("INVALID_INPUT", `This change has ${hunks.length} hunks.`, { field: "hunks" });
  }
  if (wanted.size === hunks.length) return applyWhole(actor, codebase, change);
  const { accepted, rest } = splitEdits(change.edits, hunks, wanted);
  const acceptedId = acceptedHunksId(change.id, chosen);
  const share = { ...newChange(actor, codebase.id, acceptedId), summary: change.summary, safety: change.safety };
  let restId: string | undefined;
  const writes = async ({ number, tree, merged }: NextVersion): Promise<Write[]> => {
    const rebased = await rebaseEdits(codebase.teamId, rest, tree);
    restId = rebased && rebased.length > 0 ? restIdOf(change, rebased) : undefined;
    const made: Write[] = [
      transitionWrite({
        codebaseId: codebase.id,
        id: change.id,
        from: ["proposed", "conflicted"],
        to: "superseded",
        supersededBy: restId ? [acceptedId, restId] : [acceptedId],
      }),
      await createWrite(codebase.teamId, {
        ...share,
        base: change.base,
        edits: accepted,
        origin: { kind: "hunks", of: change.id },
        status: "applied",
        appliedAs: number,
        merged,
      }),
    ];
    if (rebased && restId) {
      const { evidence: _evidence, ...rest } = change;
      const proposed = { ...rest, id: restId, base: number, edits: rebased, status: "proposed" as const };
      made.push(await createWrite(codebase.teamId, { ...proposed, createdAt: nowIso(), updatedAt: nowIso() }));
    }
    return made;
  };
  const request = { changeId: acceptedId, edits: accepted, kind: "apply" as const, summary: change.summary, writes };
  const outcome = await commitChange(actor, codebase, request);
  return outcome.outcome === "applied" ? { ...outcome, restId } : outcome;
}

/** Returns the id of the remaining hunks. Of a finding's fix, they are that finding's fix on the new file. */
function restIdOf(change: Change, rebased: FileEdit[]): string {
  const only = rebased.length === 1 ? rebased[0] : undefined;
  if (change.origin.kind === "finding" && only?.baseHash) {
    return findingChangeId(change.origin.sessionId, change.origin.identity, only.baseHash);
  }
  return derivedId("chg", change.id, "rest", rebased.map((file) => `${file.path} ${file.baseHash}`).join("\0"));
}

type CommitRequest = {
  changeId: string;
  edits: FileEdit[] | ((head: Codebase["tree"]) => Promise<FileEdit[]>);
  kind: VersionKind;
  summary: string;
  writes: (committed: NextVersion) => Promise<Write[]>;
  hasOwnWrites?: boolean;
};

async function commitChange(actor: Actor, codebase: Codebase, request: CommitRequest): Promise<ApplyOutcome> {
  const { changeId } = request;
  try {
    const result = await commit({
      codebaseId: codebase.id,
      edits: request.edits,
      author: { id: actor.userId, name: actor.name },
      kind: request.kind,
      message: request.summary,
      changeId,
      writes: request.writes,
    });
    if (result.outcome === "conflict") {
      return { outcome: "conflict", version: result.number, changeId, conflicts: result.conflicts };
    }
    count("ChangesApplied");
    const repeated = await repeatsInTime(result.mergedFiles);
    return {
      ...{ outcome: "applied", version: result.number, changeId, merged: result.merged },
      ...(repeated.length > 0 && { repeated }),
    };
  } catch (error) {
    if (!(error instanceof ConditionFailed)) throw error;
    // The change was settled concurrently: possibly by an earlier attempt whose response was lost.
    const done = await readOutcome(codebase, changeId);
    if (done) return done;
    if (request.hasOwnWrites) throw error;
    return { outcome: "refused", changeId, reason: "This change was just settled in another tab." };
  }
}

/** Returns the outcome of a settled change; undefined while it is proposed, or does not exist. */
export async function readOutcome(codebase: Codebase, changeId: string): Promise<ApplyOutcome | undefined> {
  const change = await readChange(codebase.teamId, codebase.id, changeId);
  if (!change) return undefined;
  const refused = (reason: string): ApplyOutcome => ({ outcome: "refused", changeId, reason });
  if (change.status === "applied" && change.appliedAs !== undefined) {
    return { outcome: "applied", version: change.appliedAs, changeId, merged: change.merged === true };
  }
  if (change.status === "rejected") return refused("This change was rejected.");
  if (change.status === "superseded") return refused("This change was replaced by a newer one.");
  return undefined;
}

const newChange = (actor: Actor, codebaseId: string, id: string) => ({
  id,
  codebaseId,
  author: { kind: "user" as const, id: actor.userId, name: actor.name },
  safety: "unsafe" as const,
  createdAt: nowIso(),
  updatedAt: nowIso(),
});
