/** The session of a work tree: its files as agents need them, brought up to date with the disk. */
import type * as v from "valibot";
import type { Actor } from "../auth/schema";
import { readChangeOf, saveFromWorkTree } from "../changes/internal";
import { getCodebase } from "../codebases/index";
import { cleanPath, readText, storeFile, treesBetween, versionOf } from "../codebases/internal";
import type { Codebase, TreeEntry } from "../codebases/schema";
import { AppError } from "../errors";
import { getText, hashText } from "../platform/blobs";
import { derivedId } from "../platform/ids";
import { getSession } from "../sessions/index";
import { createWithFiles } from "../sessions/internal";
import type { Session } from "../sessions/schema";
import { applyEdits, diffEdits } from "../text/index";
import type { openTreeSchema } from "./schema";

type Input = v.InferOutput<typeof openTreeSchema> & { teamId: string };
type TreeFile = { path: string; text: string };

/** Sessions of one work tree that are in the trash: past so many, someone is asking for none. */
const MAX_TRASHED = 50;
/** Versions that are looked through for a file's text. */
const MAX_VERSIONS = 200;

export async function openTree(actor: Actor, input: Input): Promise<Session> {
  const files = input.files.map(({ path, text }) => ({ path: cleanPath(path), text }));
  for (let at = 0; at < MAX_TRASHED; at++) {
    const id = derivedId("ses", actor.userId, "tree", input.teamId, input.key, String(at));
    const session = await findSession(actor, id);
    if (session?.trashedAt) continue;
    const joined = session ?? (await createWithFiles(actor, input.teamId, { idOf: () => id, name: input.name }, files));
    for (const file of files) await bringUpToDate(actor, joined, file);
    return joined;
  }
  throw new AppError("CHANGE_REFUSED", "Too many sessions of this work tree are in the trash. Empty it first.");
}

/** Also one that is in the trash, which may be seen and not changed. */
async function findSession(actor: Actor, id: string): Promise<Session | undefined> {
  try {
    return await getSession({ ...actor, requires: [] }, { id });
  } catch (error) {
    if (error instanceof AppError && error.code === "SESSION_NOT_FOUND") return undefined;
    throw error;
  }
}

/**
 * Saves the file as it is on the disk, merged with what was accepted here since it came from there last. Nothing is done where
 * the session has that text or had it before: then the disk is behind, as what was accepted is not written there yet.
 */
async function bringUpToDate(actor: Actor, session: Session, { path, text }: TreeFile): Promise<void> {
  const codebase = await getCodebase(actor, { id: session.codebaseId });
  const hash = hashText(text);
  const hashIn = (tree: Codebase["tree"]) => tree.find((entry) => entry.path === path)?.hash;
  if (hashIn(codebase.tree) === hash) return;
  const first = Math.max(1, codebase.number - MAX_VERSIONS);
  const trees = [...(await treesBetween(codebase, first, codebase.number))].sort(([a], [b]) => b - a);
  if (trees.some(([, tree]) => hashIn(tree) === hash)) return;
  const known = await lastFromDisk(codebase, path, trees);
  if (known === text) return;
  const base = known === null ? null : (await storeFile(codebase.teamId, path, known)).hash;
  const outcome = await saveFromWorkTree(actor, codebase, {
    changeId: derivedId("chg", codebase.id, "disk", path, hash),
    edit: { path, baseHash: base, edits: diffEdits(known ?? "", text) },
  });
  if (outcome.outcome === "applied") return;
  const reason = outcome.outcome === "refused" ? outcome.reason : "The same lines were accepted here and edited there.";
  throw new AppError("CHANGE_REFUSED", `${path} differs in this session and in the work tree. ${reason}`);
}

/** Returns the text that came from the disk last; null where none did. `trees` are newest first. */
async function lastFromDisk(
  codebase: Codebase,
  path: string,
  trees: readonly (readonly [number, TreeEntry[]])[],
): Promise<string | null> {
  const entryIn = (at: number) => trees[at]?.[1].find((entry) => entry.path === path);
  for (const [at, [number]] of trees.entries()) {
    const [now, before] = [entryIn(at), entryIn(at + 1)];
    if (!now || now.hash === before?.hash) continue;
    const { version } = await versionOf(codebase, number);
    const change = version.changeId ? await readChangeOf(codebase, version.changeId) : undefined;
    const edit = change?.origin.kind === "work-tree" ? change.edits.find((each) => each.path === path) : undefined;
    if (edit) return applyEdits(edit.baseHash ? await getText(codebase.teamId, edit.baseHash) : "", edit.edits);
    if (!before) return readText(codebase, now);
  }
  return null;
}
