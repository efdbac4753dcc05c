import * as v from "valibot";
import { requireMember } from "../auth/index";
import type { Actor } from "../auth/schema";
import { AppError } from "../errors";
import { LIMITS } from "../limits";
import { getText } from "../platform/blobs";
import { days, nowIso, nowSeconds } from "../platform/clock";
import { decodeCursor, encodeCursor } from "../platform/cursors";
import { operation } from "../platform/operation";
import { deletePartition } from "../platform/partitions";
import { diffLines } from "../text/index";
import { outboxOf } from "./commit";
import { cleanPath, repeatedPath, repeatedSentence } from "./paths";
import type { Codebase, CodebaseOwner, DraftSummary, FileComparison, TreeEntry, Version } from "./schema";
import {
  draftText,
  firstVersionWrites,
  type Head,
  packDraft,
  packTree,
  queryVersions,
  queryVersionsBetween,
  readDraft,
  readHead,
  readHeadWithDrafts,
  readVersionItem,
  removeDraft,
  type StoredDraft,
  toVersion,
  unpackTree,
  writeDraft,
} from "./store";

export { type Committed, ConditionFailed, commit, commitStats } from "./commit";
export { mergedFile, mergeIntoTree, mergeSides } from "./merge";
export { namedBlobs } from "./named-blobs";
export { cleanPath, repeatedPath, repeatedSentence } from "./paths";
export { countLines, requireWithinLimits, sortTree, storeFile } from "./tree";

const codebaseId = v.pipe(v.string(), v.regex(/^cod_[0-9A-Za-z]{26}$/, "That is not a codebase's id."));
const versionNumber = v.pipe(v.number("Name a version by its number."), v.integer(), v.minValue(1));
const windowId = v.pipe(v.string(), v.regex(/^[0-9A-Za-z_-]{6,64}$/, "That is not a window's id."));

/** The codebase at its head, loaded through the actor: the access check of everything below. */
export const getCodebase = operation("codebases.get", v.object({ id: codebaseId }), loadCodebase);

async function loadCodebase(actor: Actor, { id }: { id: string }): Promise<Codebase> {
  return toCodebase(actor, await readHead(id));
}

async function toCodebase(actor: Actor, head: Head | undefined): Promise<Codebase> {
  if (!head) throw new AppError("CODEBASE_NOT_FOUND", "That codebase was not found.");
  requireMember(actor, head.teamId, "CODEBASE_NOT_FOUND", "That codebase");
  const { id, teamId, owner, number, message } = head;
  return { id, teamId, owner, number, message, tree: await unpackTree(teamId, head) };
}

/** The same with the actor's newest draft, in whichever window it was typed, in one read. */
export async function openCodebase(
  actor: Actor,
  { id }: { id: string },
): Promise<{ codebase: Codebase; draft: DraftSummary | null }> {
  const { head, drafts } = await readHeadWithDrafts(id, actor.userId);
  return { codebase: await toCodebase(actor, head), draft: newestOf(drafts) };
}

/** A version and its files. Version numbers start at 1. */
export const readVersion = operation(
  "codebases.readVersion",
  v.object({ codebaseId, version: versionNumber }),
  async (actor, input) => {
    const codebase = await loadCodebase(actor, { id: input.codebaseId });
    return versionOf(codebase, input.version);
  },
);

/** A version of a codebase that was loaded through an actor already. */
export async function versionOf(codebase: Codebase, number: number): Promise<{ version: Version; tree: TreeEntry[] }> {
  const stored = await readVersionItem(codebase.id, number);
  if (!stored) throw new AppError("VERSION_NOT_FOUND", `There is no version ${number} of this code.`);
  return { version: toVersion(stored), tree: await unpackTree(codebase.teamId, stored) };
}

/** The files of versions `from` to `to`, both included, by number; of a codebase that was loaded through an actor already. */
export async function treesBetween(codebase: Codebase, from: number, to: number): Promise<Map<number, TreeEntry[]>> {
  const stored = await queryVersionsBetween(codebase.id, from, to);
  const trees = stored.map(async (each) => [each.number, await unpackTree(codebase.teamId, each)] as const);
  return new Map(await Promise.all(trees));
}

/** A file's text, at the head or at a version. */
export const readFile = operation(
  "codebases.readFile",
  v.object({ codebaseId, path: v.pipe(v.string(), v.normalize("NFC")), version: v.optional(versionNumber) }),
  async (actor, input) => {
    const codebase = await loadCodebase(actor, { id: input.codebaseId });
    const number = input.version ?? codebase.number;
    const tree = number === codebase.number ? codebase.tree : (await versionOf(codebase, number)).tree;
    const entry = tree.find((each) => each.path === input.path);
    if (!entry) throw new AppError("FILE_NOT_FOUND", `Version ${number} has no file "${input.path.slice(0, 120)}".`);
    return { entry, text: await getText(codebase.teamId, entry.hash), version: number };
  },
);

/** The text of a file of a codebase that was loaded through an actor already. */
export const readText = (codebase: Codebase, entry: TreeEntry): Promise<string> => getText(codebase.teamId, entry.hash);

/** Versions, newest first. */
export const listVersions = operation(
  "codebases.listVersions",
  v.object({ codebaseId, cursor: v.optional(v.string()) }),
  async (actor, input) => {
    const codebase = await loadCodebase(actor, { id: input.codebaseId });
    const scope = `versions ${codebase.id}`;
    const { versions, lastKey } = await queryVersions(codebase.id, {
      limit: LIMITS.versions.pageSize,
      startKey: input.cursor ? decodeCursor(input.cursor, scope) : undefined,
    });
    return {
      versions: versions.map(toVersion),
      nextCursor: lastKey && encodeCursor(lastKey, scope),
    };
  },
);

/** What differs between two versions, by file, with the texts of both sides (null where the file is not there). */
export const compareVersions = operation(
  "codebases.compareVersions",
  v.object({ codebaseId, from: versionNumber, to: versionNumber }),
  async (actor, input) => {
    const codebase = await loadCodebase(actor, { id: input.codebaseId });
    const [from, to] = await Promise.all([versionOf(codebase, input.from), versionOf(codebase, input.to)]);
    return { from: from.version, to: to.version, files: await compareTrees(codebase.teamId, from.tree, to.tree) };
  },
);

async function compareTrees(teamId: string, from: TreeEntry[], to: TreeEntry[]) {
  const before = new Map(from.map((entry) => [entry.path, entry]));
  const after = new Map(to.map((entry) => [entry.path, entry]));
  const paths = [...new Set([...before.keys(), ...after.keys()])].sort();
  const files: (FileComparison & { fromText: string | null; toText: string | null })[] = [];
  for (const path of paths) {
    const a = before.get(path);
    const b = after.get(path);
    if (a && b && a.hash === b.hash) continue;
    const fromText = a ? await getText(teamId, a.hash) : null;
    const toText = b ? await getText(teamId, b.hash) : null;
    const hunks = diffLines(fromText ?? "", toText ?? "");
    files.push({
      path,
      status: a ? (b ? "changed" : "removed") : "added",
      from: a,
      to: b,
      added: hunks.reduce((sum, hunk) => sum + hunk.bEnd - hunk.bStart, 0),
      removed: hunks.reduce((sum, hunk) => sum + hunk.aEnd - hunk.aStart, 0),
      fromText,
      toText,
    });
  }
  return files;
}

/** What one window is typing: the texts of the files it changed, against the version it started from. */
export type Draft = { window: string; base: number; files: { path: string; text: string }[]; savedAt: string };

const draftFiles = v.pipe(
  v.array(v.object({ path: v.pipe(v.string(), v.transform(cleanPath)), text: v.string() })),
  v.maxLength(LIMITS.session.maxFiles),
  v.check(
    (files) => repeatedPath(files) === null,
    ({ input }) => repeatedSentence(repeatedPath(input)),
  ),
);

/** Keeps what a window has typed, replacing what it kept before. A draft is not a version. */
export const saveDraft = operation(
  "codebases.saveDraft",
  v.object({ codebaseId, window: windowId, base: versionNumber, files: draftFiles }),
  async (actor, input) => {
    const codebase = await loadCodebase(actor, { id: input.codebaseId });
    for (const { path, text } of input.files) {
      if (Buffer.byteLength(text) > LIMITS.file.maxBytes) {
        throw new AppError("FILE_TOO_LARGE", `${path} is over 5 MB; the draft was not kept.`, { field: path });
      }
    }
    const files = await packDraft(codebase.teamId, input.files);
    const savedAt = nowIso();
    await writeDraft({
      codebaseId: codebase.id,
      userId: actor.userId,
      window: input.window,
      base: input.base,
      files,
      savedAt,
      ttl: nowSeconds() + days(LIMITS.draft.keepDays),
    });
    return { savedAt };
  },
);

/** A window's draft of this actor, or null. */
export const getDraft = operation(
  "codebases.getDraft",
  v.object({ codebaseId, window: windowId }),
  async (actor, input): Promise<Draft | null> => {
    const codebase = await loadCodebase(actor, { id: input.codebaseId });
    const stored = await readDraft(codebase.id, actor.userId, input.window);
    return stored ? withTexts(codebase.teamId, stored) : null;
  },
);

function newestOf(drafts: StoredDraft[]): DraftSummary | null {
  const newest = drafts.sort((a, b) => b.savedAt.localeCompare(a.savedAt))[0];
  if (!newest) return null;
  const { window, base, savedAt, files } = newest;
  return { window, base, savedAt, paths: files.map((file) => file.path) };
}

export const discardDraft = operation(
  "codebases.discardDraft",
  v.object({ codebaseId, window: windowId }),
  async (actor, input) => {
    const codebase = await loadCodebase(actor, { id: input.codebaseId });
    await removeDraft(codebase.id, actor.userId, input.window);
  },
);

async function withTexts(teamId: string, stored: StoredDraft): Promise<Draft> {
  const { window, base, savedAt } = stored;
  const files = await Promise.all(
    stored.files.map(async (file) => ({ path: file.path, text: await draftText(teamId, file) })),
  );
  return { window, base, savedAt, files };
}

/** Removes a codebase with all its versions, changes and drafts; its blobs go with the next sweep. */
export const deleteCodebase = (id: string): Promise<void> => deletePartition(`CODE#${id}`);

/** The writes that make a codebase with its version 1; they go into the transaction that makes its owner. */
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
  return firstVersionWrites(head, version, tree, outboxOf(head, version));
}
