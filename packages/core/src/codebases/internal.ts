import type { Actor } from "../auth/schema";
import { AppError } from "../errors";
import { getText } from "../platform/blobs";
import { deletePartition } from "../platform/partitions";
import { newestDraft, toCodebase } from "./codebase";
import { versionOutbox } from "./commit";
import type { Codebase, CodebaseOwner, DraftSummary, TreeEntry, Version } from "./schema";
import {
  firstVersionWrites,
  packTree,
  queryVersionsBetween,
  readHeadWithDrafts,
  readVersionItem,
  toVersion,
  unpackTree,
} from "./store";

export { ConditionFailed, commit, commitStats, type NextVersion } from "./commit";
export { mergedFile, mergeIntoTree, mergeSides } from "./merge";
export { namedBlobs } from "./named-blobs";
export { cleanPath, repeatedPath, repeatedSentence } from "./paths";
export { countLines, requireWithinLimits, sortTree, storeFile } from "./tree";

/** Returns a codebase with the actor's newest draft, of whichever tab, in one read. Throws CODEBASE_NOT_FOUND. */
export async function openCodebase(
  actor: Actor,
  { id }: { id: string },
): Promise<{ codebase: Codebase; draft: DraftSummary | null }> {
  const { head, drafts } = await readHeadWithDrafts(id, actor.userId);
  return { codebase: await toCodebase(actor, head), draft: newestDraft(drafts) };
}

/** Returns a version of a codebase that was loaded through an actor already. Throws VERSION_NOT_FOUND. */
export async function versionOf(codebase: Codebase, number: number): Promise<{ version: Version; tree: TreeEntry[] }> {
  const stored = await readVersionItem(codebase.id, number);
  if (!stored) throw new AppError("VERSION_NOT_FOUND", `There is no version ${number} of this code.`);
  return { version: toVersion(stored), tree: await unpackTree(codebase.teamId, stored) };
}

/**
 * Returns the files of versions `from` to `to` inclusive, by number, of a codebase that was loaded through an actor
 * already.
 */
export async function treesBetween(codebase: Codebase, from: number, to: number): Promise<Map<number, TreeEntry[]>> {
  const stored = await queryVersionsBetween(codebase.id, from, to);
  const trees = stored.map(async (each) => [each.number, await unpackTree(codebase.teamId, each)] as const);
  return new Map(await Promise.all(trees));
}

/** Returns the text of a file of a codebase that was loaded through an actor already. */
export const readText = (codebase: Codebase, entry: TreeEntry): Promise<string> => getText(codebase.teamId, entry.hash);

/** Deletes a codebase with all its versions, changes and drafts; the next sweep deletes its blobs. */
export const deleteCodebase = (id: string): Promise<void> => deletePartition(`CODE#${id}`);

/** Returns the writes that create a codebase with its version 1, for the transaction that creates its owner. */
export async function firstVersion(
  actor: Actor,
  input: { id: string; teamId: string; owner: CodebaseOwner; tree: TreeEntry[]; message: string; createdAt: string },
) {
  const head = { id: input.id, teamId: input.teamId, owner: input.owner, number: 1, message: input.message };
  const version: Version = {
    codebaseId: input.id,
    number: 1,
    kind: "create",
    message: input.message,
    authorId: actor.userId,
    authorName: actor.name,
    createdAt: input.createdAt,
  };
  const tree = await packTree(input.teamId, input.tree);
  return firstVersionWrites(head, version, tree, versionOutbox(head, version));
}
