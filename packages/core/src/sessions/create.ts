import type { Actor } from "../auth/schema";
import { firstVersion, requireWithinLimits, sortTree, storeFile } from "../codebases/internal";
import type { TreeEntry } from "../codebases/schema";
import { nowIso } from "../platform/clock";
import { failedTransactionItems } from "../platform/dynamo-errors";
import { derivedId } from "../platform/ids";
import { writeAll } from "../platform/transaction";
import { fileFactsOf } from "./facts";
import type { TextFile } from "./import-files";
import { loadSession } from "./load";
import { invalidateRecentSessions } from "./recent";
import type { Session } from "./schema";
import { createSessionWrites } from "./store";

/** Creates a session with version 1 of its code, which requests a review; the one that has the id already, if there is one. */
export async function createWithFiles(
  actor: Actor,
  teamId: string,
  { idOf, name }: { idOf: (tree: TreeEntry[]) => string; name: string },
  files: TextFile[],
): Promise<Session> {
  const tree: TreeEntry[] = [];
  for (const file of files) tree.push(await storeFile(teamId, file.path, file.text, file.language));
  requireWithinLimits(sortTree(tree), { kind: "session" });
  const id = idOf(tree);
  const codebaseId = derivedId("cod", id);
  const createdAt = nowIso();
  const session: Session = {
    id,
    teamId,
    codebaseId,
    name,
    creatorId: actor.userId,
    ...fileFactsOf(tree),
    createdAt,
    updatedAt: createdAt,
  };
  const owner = { kind: "session", id } as const;
  const message = tree.length === 1 ? `Add ${tree[0]?.path}` : `Add ${tree.length} files`;
  const writes = await firstVersion(actor, { id: codebaseId, teamId, owner, tree, message, createdAt });
  try {
    await writeAll([...createSessionWrites(session), ...writes]);
    invalidateRecentSessions(teamId);
    return session;
  } catch (error) {
    if (!failedTransactionItems(error)) throw error;
    // An earlier attempt of the same request succeeded; its response may have been lost.
    return loadSession(actor, { id });
  }
}
