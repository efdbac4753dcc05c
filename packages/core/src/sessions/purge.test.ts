import { describe, expect, it } from "vitest";
import { pasteSession, reviewVersion, withProduct } from "../../../../tests/support/product";
import { claimReply, endReply } from "../../../../tests/support/replies";
import { LIMITS } from "../limits";
import { hashText } from "../platform/blobs";
import { sleep } from "../platform/clock";
import { EventLogWriter } from "../platform/event-log";
import { getSmallText } from "../platform/inline-blobs";
import { readPartition } from "../platform/partitions";
import { openThread, resolveThread } from "../threads/index";
import { newMessageId, newThreadId, type ReplyEvent, replyLogId } from "../threads/schema";
import { trashSession } from "./index";
import { purgeTrash } from "./internal";

const product = withProduct();
const LONG_AGO = Date.now() + (LIMITS.session.trashDays + 2) * 86_400_000;

/** A session with a question, and an answer that is too long for an item, with its log. */
async function talkedAbout({ isResolved }: { isResolved: boolean }) {
  const { actor } = product;
  const session = await pasteSession(actor, { "a.ts": "export function f() {\n  debugger;\n}\n" });
  await reviewVersion(session, 1);
  const threadId = newThreadId();
  const message = { id: newMessageId(), text: "Why?", messageKind: "explain" as const };
  await openThread(actor, { sessionId: session.id, threadId, path: "a.ts", startLine: 2, message });
  const at = { sessionId: session.id, threadId, number: 2 };
  const claim = await claimReply(at);
  if (!claim) throw new Error("not claimed");
  const logId = replyLogId(session.id, threadId, 2, 1);
  await new EventLogWriter<ReplyEvent>(logId).end({ type: "end", status: "done" });
  const text = `${session.id} `.repeat(4_000);
  await endReply(claim, text);
  if (isResolved) await resolveThread(actor, { sessionId: session.id, threadId });
  const blob = hashText(JSON.stringify({ text, proposals: [] }));
  return { session, blob, keys: [`SESSION#${session.id}`, `THREAD#${threadId}`, `LOG#${logId}`] };
}

async function itemsIn(keys: string[]): Promise<number[]> {
  const counts = [];
  for (const key of keys) {
    let count = 0;
    for await (const _ of readPartition(key)) count += 1;
    counts.push(count);
  }
  return counts;
}

describe("the nightly purge", () => {
  it.each([
    ["open", { isResolved: false }],
    ["resolved", { isResolved: true }],
  ])("takes a session's %s threads, messages and their logs with it, and leaves those of others", async (_, state) => {
    const { actor } = product;
    const doomed = await talkedAbout(state);
    const kept = await talkedAbout(state);
    const before = await itemsIn(kept.keys);
    expect(await getSmallText(actor.personalTeamId, doomed.blob)).toBeDefined();
    expect(Math.min(...(await itemsIn(doomed.keys)))).toBeGreaterThan(0);
    await trashSession(actor, { id: doomed.session.id });
    // The index of the trash lags.
    await sleep(200);
    expect(await purgeTrash(LONG_AGO)).toMatchObject({ sessions: 1 });
    expect(await itemsIn(doomed.keys)).toEqual([0, 0, 0]);
    expect(await itemsIn(kept.keys)).toEqual(before);
    expect(await getSmallText(actor.personalTeamId, kept.blob)).toBeDefined();
    expect(await getSmallText(actor.personalTeamId, doomed.blob)).toBeUndefined();
  });
});
