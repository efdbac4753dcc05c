import { deleteCodebase, namedBlobs } from "../codebases/index";
import { LIMITS } from "../limits";
import { sweepTexts } from "../platform/blobs";
import { days } from "../platform/clock";
import { deletePartition, readPartition } from "../platform/partitions";
import { querySessions, queryTrashedBefore, readSession } from "./store";

/**
 * What the nightly sweep does: sessions that were in the trash for seven days go for good, with their code, and after
 * them every blob of their teams that nothing names any more. Run again, it goes on where it ended.
 */
export async function purgeTrash(nowMs: number): Promise<{ sessions: number; blobs: number }> {
  const before = new Date(nowMs - days(LIMITS.session.trashDays) * 1_000).toISOString();
  const teams = new Set<string>();
  let sessions = 0;
  for (const listed of await queryTrashedBefore(before)) {
    // The index may lag: someone may have taken the session back.
    const session = await readSession(listed.id);
    if (!session?.trashedAt || session.trashedAt >= before) continue;
    await deleteCodebase(session.codebaseId);
    await deleteThreads(session.id);
    await deletePartition(`SESSION#${session.id}`, (item) => item.sk === "SESSION");
    await deletePartition(`SESSION#${session.id}`);
    teams.add(session.teamId);
    sessions += 1;
  }
  let blobs = 0;
  for (const teamId of teams) blobs += await sweepTeam(teamId, nowMs);
  return { sessions, blobs };
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
  for (const trashed of [false, true]) {
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
