import { ownerKind } from "../access/internal";
import { AppError } from "../errors";
import { nowIso } from "../platform/clock";
import { failedTransactionItems } from "../platform/dynamo-errors";
import { runExclusive } from "../platform/keyed-mutex";
import { outboxAttributes } from "../platform/outbox";
import { CONTENTION, retryUntilDefined } from "../platform/retry";
import { type Write, writeAll } from "../platform/transaction";
import { mergeIntoTree } from "./merge";
import { announceVersion } from "./next-version";
import type { CommitOutcome, FileEdit, TreeEntry, Version, VersionKind } from "./schema";
import { type Head, nextVersionWrites, packTree, readHead, unpackTree } from "./store";
import { requireWithinLimits } from "./tree";

/** The version that a commit is about to write: `merged` when the head had moved on since the base. */
export type NextVersion = { number: number; tree: TreeEntry[]; merged: boolean };

export type Commit = {
  codebaseId: string;
  /** Or a function of the head's files, when the proposal is about the head itself. */
  edits: FileEdit[] | ((head: TreeEntry[]) => Promise<FileEdit[]>);
  author: { id: string; name: string };
  kind: VersionKind;
  message: string;
  changeId: string;
  /** Other items that belong to the same transaction. */
  writes?: (committed: NextVersion) => Promise<Write[]>;
};

const MAX_ATTEMPTS = 10;

/**
 * Writes the next version: `edits` merged into the head, conditional on the head. When the head moved it merges again.
 * `applied` with the head's own number means that there was nothing to change, and no version was made.
 * Throws CODEBASE_NOT_FOUND, the limits' errors, CONDITION (see `ConditionFailed`) when one of `writes` did not hold,
 * and VERSION_CONFLICT when other writers kept winning.
 */
export function commit(request: Commit): Promise<CommitOutcome> {
  return runExclusive(request.codebaseId, () => attemptCommit(request));
}

/** One of the commit's own `writes` failed its condition; `at` is its position. Nothing was written. */
export class ConditionFailed extends Error {
  constructor(readonly at: number) {
    super("A condition of the commit did not hold.");
  }
}

/** Counters of commits and their attempts, for the fault tests. */
export const commitStats = { commits: 0, attempts: 0 };

async function attemptCommit(request: Commit): Promise<CommitOutcome> {
  commitStats.commits += 1;
  const outcome = await retryUntilDefined(
    async () => {
      commitStats.attempts += 1;
      const head = await readHead(request.codebaseId);
      if (!head) throw new AppError("CODEBASE_NOT_FOUND", "That codebase was not found.");
      return (await commitOnto(head, request)) ?? undefined;
    },
    { ...CONTENTION, attempts: MAX_ATTEMPTS },
  );
  if (outcome) return outcome;
  throw new AppError("VERSION_CONFLICT", "Too many concurrent saves. Nothing changed; your draft is kept. Try again.");
}

/** Returns the outcome, or null when the head moved meanwhile. */
async function commitOnto(head: Head, request: Commit): Promise<CommitOutcome | null> {
  const tree = await unpackTree(head.teamId, head);
  const edits = typeof request.edits === "function" ? await request.edits(tree) : request.edits;
  const result = await mergeIntoTree(head.teamId, tree, edits);
  if (result.conflicts.length > 0) return { outcome: "conflict", number: head.number, conflicts: result.conflicts };
  requireWithinLimits(result.tree, head.owner);
  const own = isSameTree(tree, result.tree) ? [] : await versionWrites(head, result.tree, request);
  const number = own.length > 0 ? head.number + 1 : head.number;
  const committed = { number, tree: result.tree, merged: result.merged };
  const all = [...own, ...((await request.writes?.(committed)) ?? [])];
  try {
    if (all.length > 0) await writeAll(all);
    if (own.length > 0) announceVersion(head.id);
    return { outcome: "applied", number, merged: result.merged, mergedFiles: result.mergedFiles };
  } catch (error) {
    const cancelled = failedTransactionItems(error);
    if (!cancelled) throw error;
    const foreign = cancelled.condition.find((at) => at >= own.length);
    const moved = cancelled.condition.some((at) => at < own.length);
    if (foreign !== undefined && !moved) throw new ConditionFailed(foreign - own.length);
    if (!moved && !cancelled.conflict) throw error;
    return null;
  }
}

async function versionWrites(head: Head, tree: TreeEntry[], request: Commit): Promise<Write[]> {
  const version: Version = {
    codebaseId: head.id,
    number: head.number + 1,
    kind: request.kind,
    message: request.message,
    authorId: request.author.id,
    authorName: request.author.name,
    changeId: request.changeId,
    createdAt: nowIso(),
  };
  return nextVersionWrites(head, version, await packTree(head.teamId, tree), versionOutbox(head, version));
}

/** Returns the attributes that enqueue what the codebase's owner asks for on a new version. */
export function versionOutbox({ owner }: Pick<Head, "owner">, version: Version): object {
  const job = ownerKind(owner.kind).jobForVersion(owner.id, version);
  return job ? outboxAttributes(job) : {};
}

const isSameTree = (a: TreeEntry[], b: TreeEntry[]) =>
  a.length === b.length &&
  a.every(
    (entry, at) => entry.path === b[at]?.path && entry.hash === b[at]?.hash && entry.language === b[at]?.language,
  );
