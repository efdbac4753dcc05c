import { DeleteCommand, PutCommand, ScanCommand } from "@aws-sdk/lib-dynamodb";
import { expect, it } from "vitest";
import { pasteSession, withProduct } from "../../../../../../tests/support/product";
import { getThread, listThreads, openThread, reopenThread, resolveThread } from "../../../threads/index";
import { newMessageId, newThreadId } from "../../../threads/schema";
import { dynamo } from "../../clients";
import { migrateData } from "../../migrations";
import type { RawItem } from "../../partitions";
import { CODE, dataVersions, SCHEMA_KEY } from "../../schema-version";
import { table } from "../stored-items";

const product = withProduct();

async function threadItems(): Promise<RawItem[]> {
  const { Items = [] } = await dynamo().send(new ScanCommand({ ...table(), ConsistentRead: true }));
  return (Items as RawItem[]).filter((item) => item.type === "thread");
}

it("data of version 3 has its resolved threads where they are listed, read and reopened, after the migration", async () => {
  const { actor } = product;
  const { id: sessionId } = await pasteSession(actor, { "orders.ts": "let a = 1;\n" });
  const open = async () => {
    const message = { id: newMessageId(), text: "Why?", wantsReply: false };
    const at = { sessionId, threadId: newThreadId() };
    await openThread(actor, { ...at, path: "orders.ts", startLine: 1, message });
    return at;
  };
  const [stays, resolved] = [await open(), await open()];
  await resolveThread(actor, resolved);
  for (const item of await threadItems()) {
    if (item.status !== "resolved") continue;
    await dynamo().send(new DeleteCommand({ ...table(), Key: { pk: item.pk, sk: item.sk } }));
    await dynamo().send(new PutCommand({ ...table(), Item: { ...item, sk: `THREAD#${item.id}` } }));
  }
  await dynamo().send(
    new PutCommand({ ...table(), Item: { ...SCHEMA_KEY, of: "data", oldest: 3, newest: 3, epoch: 1, v: 1 } }),
  );

  await migrateData(Date.now() + 60_000);
  expect((await dataVersions()).oldest).toBe(CODE.writes);
  const { threads } = await listThreads(actor, { sessionId, status: "resolved" });
  expect(threads).toMatchObject([{ id: resolved.threadId, anchor: { startLine: 1 } }]);
  expect(await getThread(actor, resolved)).toMatchObject({
    thread: { status: "resolved" },
    messages: [{ text: "Why?" }],
  });
  expect(await reopenThread(actor, resolved)).toMatchObject({ status: "open" });
  const listed = (await listThreads(actor, { sessionId, status: "open" })).threads.map(({ id }) => id);
  expect(listed.sort()).toEqual([stays.threadId, resolved.threadId].sort());
  expect(await threadItems()).toHaveLength(2);
});
