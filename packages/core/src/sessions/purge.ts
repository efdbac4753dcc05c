import { deleteCodebase, namedBlobs } from "../codebases/internal";
import { LIMITS } from "../limits";
import { sweepTexts } from "../platform/blobs";
import { days } from "../platform/clock";
import { deletePartition, readPartition } from "../platform/partitions";
import { querySessions } from "./listing";
import { removeName } from "./name-index";
import type { Session } from "./schema";
import { queryTrashedBefore, readSession } from "./store";

/** Returns the time (ISO) before which trashed sessions are purged, or may be half purged already. */
export const overdueBefore = (nowMs: number): string =>
  new Date(nowMs - days(LIMITS.session.trashDays) * 1_000).toISOString();

/**
 * Purges sessions that were in the trash for seven days (nightly): their code and threads, then every unreferenced blob
 * of their teams, and last the session, so that the next run completes one that was cut short. Returns the counts.
 */
export async function purgeTrash(nowMs: number): Promise<{ sessions: number; blobs: number }> {
  const before = overdueBefore(nowMs);
  const doomed: Session[] = [];
  for (const listed of await queryTrashedBefore(before)) {
    // The index may lag: the session may have been restored.
    const session = await readSession(listed.id);
    if (!session?.trashedAt || session.trashedAt >= before) continue;
    await deleteCodebase(session.codebaseId);
    await deleteThreads(session.id);
    await deletePartition(`SESSION#${session.id}`, (item) => item.sk === "SESSION");
    doomed.push(session);
  }
  let blobs = 0;
  for (const teamId of new Set(doomed.map((each) => each.teamId))) blobs += await sweepTeam(teamId, nowMs);
  for (const session of doomed) {
    await removeName(session);
    await deletePartition(`SESSION#${session.id}`);
  }
  return { sessions: doomed.length, blobs };
}

/**
 * Deletes a session's threads and messages with the logs of its replies. A thread's messages are under its own sort
 * key.
 */
async function deleteThreads(sessionId: string): Promise<void> {
  for await (const id of threadIds(sessionId)) {
    for await (const { attempt, number } of readPartition(`THREAD#${id}`)) {
      const log = `LOG#${sessionId}.${id}.${number}`;
      for (let each = 1; each <= Number(attempt ?? 0); each += 1) await deletePartition(`${log}.${each}`);
    }
    await deletePartition(`THREAD#${id}`);
  }
}

/** The ids of a session's threads, open ones and resolved ones. */
async function* threadIds(sessionId: string): AsyncGenerator<string> {
  for await (const { type, id } of readPartition(`SESSION#${sessionId}`)) if (type === "thread") yield String(id);
}

/** Returns the hashes of blobs that hold a difference's files, and long replies of a session's threads. */
async function sessionBlobs(sessionId: string): Promise<string[]> {
  const named: string[] = [];
  for await (const { type, id, filesBlob } of readPartition(`SESSION#${sessionId}`)) {
    if (typeof filesBlob === "string") named.push(filesBlob);
    if (type !== "thread") continue;
    for await (const { bodyBlob } of readPartition(`THREAD#${id}`))
      if (typeof bodyBlob === "string") named.push(bodyBlob);
  }
  return named;
}

async function sweepTeam(teamId: string, nowMs: number): Promise<number> {
  const named = new Set<string>();
  // The active ones twice: a session that is restored meanwhile moves from one list to the other.
  for (const trashed of [false, true, false]) {
    let startKey: Record<string, unknown> | undefined;
    do {
      const page = await querySessions(teamId, { trashed }, startKey);
      for (const { id, codebaseId } of page.sessions) {
        for (const hash of await namedBlobs(teamId, codebaseId)) named.add(hash);
        for (const hash of await sessionBlobs(id)) named.add(hash);
      }
      startKey = page.lastKey;
    } while (startKey);
  }
  return sweepTexts(teamId, (hash) => named.has(hash), nowMs);
}
