import { ownerKind } from "../access/internal";
import type { Actor } from "../auth/schema";
import { AppError } from "../errors";
import type { StoredDraft } from "./drafts";
import type { Codebase, DraftSummary } from "./schema";
import { type Head, unpackTree } from "./store";

/**
 * Returns a stored head as its codebase. Throws CODEBASE_NOT_FOUND where there is none, or the actor may not see it.
 */
export async function toCodebase(actor: Actor, head: Head | undefined): Promise<Codebase> {
  if (!head) throw new AppError("CODEBASE_NOT_FOUND", "That codebase was not found.");
  const { id, teamId, owner, number, message } = head;
  await ownerKind(owner.kind).authorize(actor, { id, teamId, owner });
  return { id, teamId, owner, number, message, tree: await unpackTree(teamId, head) };
}

/** Returns the draft that was saved last; null without any. */
export function newestDraft(drafts: StoredDraft[]): DraftSummary | null {
  const newest = drafts.sort((a, b) => b.savedAt.localeCompare(a.savedAt))[0];
  if (!newest) return null;
  const { draftId, base, savedAt, files } = newest;
  return { draftId, base, savedAt, paths: files.map((file) => file.path) };
}
