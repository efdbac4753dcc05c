import type { Actor } from "../auth/schema";
import { AppError } from "../errors";
import { getText } from "../platform/blobs";
import { deletePartition } from "../platform/partitions";
import { numberVersions, type VersionStep } from "./append";
import { newestDraft, toCodebase } from "./codebase";
import { versionOutbox } from "./commit";
import type { Codebase, CodebaseOwner, DraftSummary, TreeEntry, Version, VersionKind } from "./schema";
import {
  firstVersionWrites,
  packTree,
  queryVersionsBetween,
  readHeadWithDrafts,
  readVersionItem,
  toVersion,
  unpackTree,
  versionWrite,
} from "./store";

export { appendVersions, type VersionStep } from "./append";
export { ConditionFailed, commit, commitStats, type NextVersion } from "./commit";
export { mergedFile, mergeIntoTree, mergeSides } from "./merge";
export { namedBlobs } from "./named-blobs";
export { versionWithin } from "./next-version";
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
 * already. In place of a difference's later base, which was never the head, stand the files of the version before it.
 */
export async function treesBetween(codebase: Codebase, from: number, to: number): Promise<Map<number, TreeEntry[]>> {
  const stored = await queryVersionsBetween(codebase.id, from, to);
  const heads = stored.map((each, at) => (each.kind === "base" && at > 0 ? (stored[at - 1] ?? each) : each));
  const trees = stored.map(async ({ number }, at) => {
    const tree = await unpackTree(codebase.teamId, heads[at] ?? {});
    return [number, tree] as const;
  });
  return new Map(await Promise.all(trees));
}

/** Returns the kinds of the versions `from` to `to` inclusive, of a codebase that was loaded through an actor already. */
export const queryKinds = async (codebaseId: string, from: number, to: number): Promise<VersionKind[]> =>
  from > to ? [] : (await queryVersionsBetween(codebaseId, from, to)).map(({ kind }) => kind);

/** Returns the text of a file of a codebase that was loaded through an actor already. */
export const readText = (codebase: Codebase, entry: TreeEntry): Promise<string> => getText(codebase.teamId, entry.hash);

/** Deletes a codebase with all its versions, changes and drafts; the next sweep deletes its blobs. */
export const deleteCodebase = (id: string): Promise<void> => deletePartition(`CODE#${id}`);

/** Returns the writes that create a codebase with its version 1, for the transaction that creates its owner. */
export async function firstVersion(
  actor: Actor,
  input: { id: string; teamId: string; owner: CodebaseOwner; tree: TreeEntry[]; message: string; createdAt: string },
) {
  const { tree, message, ...codebase } = input;
  return firstVersions(actor, { ...codebase, steps: [{ kind: "create", tree, message }] });
}

/** Returns the writes that create a codebase with its first versions, of which the last is its head. */
export async function firstVersions(
  actor: Actor,
  input: { id: string; teamId: string; owner: CodebaseOwner; steps: VersionStep[]; createdAt: string },
) {
  const { id, teamId, owner, steps, createdAt } = input;
  const numbered = numberVersions({ id, number: 0 }, steps, {
    authorId: actor.userId,
    authorName: actor.name,
    createdAt,
  });
  const stored = await Promise.all(
    numbered.map(async ({ version, tree }) => ({ version, tree: await packTree(teamId, tree) })),
  );
  const last = stored.pop();
  if (!last) throw new Error("A codebase begins with a version.");
  const head = { id, teamId, owner, number: last.version.number, message: last.version.message };
  return [
    ...firstVersionWrites(head, last.version, last.tree, versionOutbox(head, last.version)),
    ...stored.map(({ version, tree }) => versionWrite(version, tree, {})),
  ];
}
