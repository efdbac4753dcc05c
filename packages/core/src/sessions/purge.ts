import { deleteCodebase, namedBlobs } from "../codebases/internal";
import { LIMITS } from "../limits";
import { sweepTexts } from "../platform/blobs";
import { days } from "../platform/clock";
import { deletePartition, readPartition } from "../platform/partitions";
import type { Session } from "./schema";
import { querySessions, queryTrashedBefore, readSession } from "./store";

/** Whoever was in the trash since before then goes for good, and may be half gone already. */
export const overdueBefore = (nowMs: number): string =>
  new Date(nowMs - days(LIMITS.session.trashDays) * 1_000).toISOString();

/**
 * What the nightly sweep does: sessions that were in the trash for seven days go for good: their code and what was said,
 * then every blob of their teams that nothing names any more, and last the session, so that a run that was cut short is
 * made good by the next.
 */
export async function purgeTrash(nowMs: number): Promise<{ sessions: number; blobs: number }> {
  const before = overdueBefore(nowMs);
  const doomed: Session[] = [];
  for (const listed of await queryTrashedBefore(before)) {
    // The index may lag: someone may have taken the session back.
    const session = await readSession(listed.id);
    if (!session?.trashedAt || session.trashedAt >= before) continue;
    await deleteCodebase(session.codebaseId);
    await deleteThreads(session.id);
    await deletePartition(`SESSION#${session.id}`, (item) => item.sk === "SESSION");
    doomed.push(session);
  }
  let blobs = 0;
  for (const teamId of new Set(doomed.map((each) => each.teamId))) blobs += await sweepTeam(teamId, nowMs);
  for (const { id } of doomed) await deletePartition(`SESSION#${id}`);
  return { sessions: doomed.length, blobs };
}

/** Removes what was said in a session, and the logs of its answers. A thread's messages are under its own sort key. */
async function deleteThreads(sessionId: string): Promise<void> {
  for await (const { sk } of readPartition(`SESSION#${sessionId}`)) {
    if (!sk.startsWith("THREAD#")) continue;
    for await (const { attempt, number } of readPartition(sk)) {
      const log = `LOG#${sessionId}.${sk.slice("THREAD#".length)}.${number}`;
      for (let each = 1; each <= Number(attempt ?? 0); each += 1) await deletePartition(`${log}.${each}`);
    }
    await deletePartition(sk);
  }
}

/** The blobs that long answers in a session's threads are in. */
async function answerBlobs(sessionId: string): Promise<string[]> {
  const named: string[] = [];
  for await (const { sk } of readPartition(`SESSION#${sessionId}`)) {
    if (!sk.startsWith("THREAD#")) continue;
    for await (const { bodyBlob } of readPartition(sk)) if (typeof bodyBlob === "string") named.push(bodyBlob);
  }
  return named;
}

async function sweepTeam(teamId: string, nowMs: number): Promise<number> {
  const named = new Set<string>();
  // Twice the ones in use: whoever takes a session out of the trash meanwhile moves it from one list to the other.
  for (const trashed of [false, true, false]) {
    let startKey: Record<string, unknown> | undefined;
    do {
      const page = await querySessions(teamId, { trashed }, startKey);
      for (const { id, codebaseId } of page.sessions) {
        for (const hash of await namedBlobs(teamId, codebaseId)) named.add(hash);
        for (const hash of await answerBlobs(id)) named.add(hash);
      }
      startKey = page.lastKey;
    } while (startKey);
  }
  return sweepTexts(teamId, (hash) => named.has(hash), nowMs);
}
