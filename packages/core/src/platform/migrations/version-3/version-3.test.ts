import { DeleteCommand, PutCommand, ScanCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { expect, it } from "vitest";
import { pasteSession, withProduct } from "../../../../../../tests/support/product";
import { getDraft, saveDraft } from "../../../codebases/index";
import { listSessions } from "../../../sessions/index";
import { dynamo } from "../../clients";
import { migrateData } from "../../migrations";
import type { RawItem } from "../../partitions";
import { CODE, dataVersions, SCHEMA_KEY } from "../../schema-version";
import { table } from "../stored-items";

const product = withProduct();

async function itemsOf(type: string): Promise<RawItem[]> {
  const { Items = [] } = await dynamo().send(new ScanCommand({ ...table(), ConsistentRead: true }));
  return (Items as RawItem[]).filter((item) => item.type === type);
}

const find = async (search: string) =>
  (await listSessions(product.actor, { search, trashed: false })).sessions.map(({ id }) => id);

it("data of version 2 is searched by the words of names, and its drafts are found, after the migration", async () => {
  const { actor } = product;
  const { id, codebaseId } = await pasteSession(actor, { "orders.ts": "let a = 1;\n" });
  await saveDraft(actor, { codebaseId, draftId: "draft-a", base: 1, files: [{ path: "orders.ts", text: "typed\n" }] });
  await expect.poll(() => find("orders")).toEqual([id]);
  for (const { pk, sk } of await itemsOf("session-term"))
    await dynamo().send(new DeleteCommand({ ...table(), Key: { pk, sk } }));
  for (const { pk, sk } of await itemsOf("draft")) {
    const former = "SET #window = draftId REMOVE draftId";
    const names = { ExpressionAttributeNames: { "#window": "window" } };
    await dynamo().send(new UpdateCommand({ ...table(), Key: { pk, sk }, UpdateExpression: former, ...names }));
  }
  await dynamo().send(
    new PutCommand({ ...table(), Item: { ...SCHEMA_KEY, of: "data", oldest: 2, newest: 2, epoch: 1, v: 1 } }),
  );
  expect(await find("orders")).toEqual([]);

  await migrateData(Date.now() + 60_000);
  expect((await dataVersions()).oldest).toBe(CODE.writes);
  await expect.poll(() => find("orders")).toEqual([id]);
  expect(await getDraft(actor, { codebaseId, draftId: "draft-a" })).toMatchObject({ draftId: "draft-a", base: 1 });
  expect((await itemsOf("draft")).every((draft) => draft.window === undefined)).toBe(true);
});
