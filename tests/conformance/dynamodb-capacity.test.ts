import type { ConsumedCapacity } from "@aws-sdk/client-dynamodb";
import {
  BatchGetCommand,
  BatchWriteCommand,
  DeleteCommand,
  GetCommand,
  PutCommand,
  QueryCommand,
  TransactGetCommand,
  UpdateCommand,
} from "@aws-sdk/lib-dynamodb";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type DynamoDbTarget, eventually, startDynamoDbTarget } from "../support/conformance";

let target: DynamoDbTarget;
let TableName: string;
beforeAll(async () => {
  target = await startDynamoDbTarget();
  TableName = target.tableName;
});
afterAll(() => target.close());

const ReturnConsumedCapacity = "INDEXES" as const;
const put = async (item: Record<string, unknown>) =>
  (await target.documents.send(new PutCommand({ TableName, Item: item, ReturnConsumedCapacity }))).ConsumedCapacity;
const update = async (sk: string, UpdateExpression: string, ExpressionAttributeValues?: Record<string, unknown>) =>
  (
    await target.documents.send(
      new UpdateCommand({
        TableName,
        Key: { pk: "units", sk },
        UpdateExpression,
        ExpressionAttributeValues,
        ReturnConsumedCapacity,
      }),
    )
  ).ConsumedCapacity;

/** `[all, table, gsi1, gsi2]`, 0 where nothing is said. */
function units(capacity: ConsumedCapacity | undefined): number[] {
  const index = (name: string) => capacity?.GlobalSecondaryIndexes?.[name]?.CapacityUnits ?? 0;
  return [capacity?.CapacityUnits ?? 0, capacity?.Table?.CapacityUnits ?? 0, index("gsi1"), index("gsi2")];
}

/** An item of so many bytes, but for `more`. */
const sized = (sk: string, bytes: number, more: Record<string, unknown> = {}) => ({
  pk: "units",
  sk,
  text: "x".repeat(bytes - "pkunitssktext".length - sk.length),
  ...more,
});
const inFirst = { gsi1pk: "first", gsi1sk: "1" };
const inBoth = { ...inFirst, gsi2pk: "second", gsi2sk: "1" };

describe("writes", () => {
  it("cost one unit for each started KB, on the table and on each index that holds the item", async () => {
    expect(units(await put(sized("1", 100)))).toEqual([1, 1, 0, 0]);
    expect(units(await put(sized("2", 1025)))).toEqual([2, 2, 0, 0]);
    expect(units(await put(sized("3", 1500, inFirst)))).toEqual([4, 2, 2, 0]);
    expect(units(await put(sized("4", 1500, inBoth)))).toEqual([6, 2, 2, 2]);
  });

  it("cost the larger of the old and the new item", async () => {
    await put(sized("shrink", 3000));
    expect(units(await put(sized("shrink", 100)))).toEqual([3, 3, 0, 0]);
    expect(units(await put(sized("shrink", 2000)))).toEqual([2, 2, 0, 0]);
  });

  it("count bytes of UTF-8, not characters", async () => {
    expect(units(await put({ pk: "units", sk: "utf8", text: "中".repeat(400) }))).toEqual([2, 2, 0, 0]);
  });

  it("cost nothing on an index that they leave as it is, and two writes where the index's key moves", async () => {
    await put(sized("move", 100, inFirst));
    expect(units(await update("move", "SET n = :n", { ":n": 1 }))).toEqual([2, 1, 1, 0]);
    expect(units(await update("move", "SET n = :n", { ":n": 1 }))).toEqual([1, 1, 0, 0]);
    expect(units(await update("move", "SET gsi1sk = :n", { ":n": "2" }))).toEqual([3, 1, 2, 0]);
    expect(units(await update("move", "REMOVE gsi1pk"))).toEqual([2, 1, 1, 0]);
  });

  it("cost for a delete what the item's size is, and one unit when there is none", async () => {
    await put(sized("delete", 1500, inFirst));
    const remove = async () =>
      (
        await target.documents.send(
          new DeleteCommand({ TableName, Key: { pk: "units", sk: "delete" }, ReturnConsumedCapacity }),
        )
      ).ConsumedCapacity;
    expect(units(await remove())).toEqual([4, 2, 2, 0]);
    expect(units(await remove())).toEqual([1, 1, 0, 0]);
  });

  it("add up over a batch", async () => {
    const { ConsumedCapacity } = await target.documents.send(
      new BatchWriteCommand({
        ReturnConsumedCapacity,
        RequestItems: {
          [TableName]: [
            { PutRequest: { Item: sized("batch1", 1500, inFirst) } },
            { PutRequest: { Item: sized("batch2", 100) } },
          ],
        },
      }),
    );
    expect(units(ConsumedCapacity?.[0])).toEqual([5, 3, 2, 0]);
  });
});

describe("reads", () => {
  const Key = { pk: "units", sk: "read" };
  const get = async (sk: string, ConsistentRead: boolean) =>
    (
      await target.documents.send(
        new GetCommand({ TableName, Key: { ...Key, sk }, ConsistentRead, ReturnConsumedCapacity }),
      )
    ).ConsumedCapacity;

  it("cost a half or, consistent, one unit for each started 4 KB, also when there is nothing", async () => {
    await put(sized("read", 4097));
    expect([units(await get("read", true)), units(await get("read", false))]).toEqual([
      [2, 2, 0, 0],
      [1, 1, 0, 0],
    ]);
    expect([units(await get("none", true))[0], units(await get("none", false))[0]]).toEqual([1, 0.5]);
  });

  it("are rounded item by item in a batch and in a transaction, which costs double", async () => {
    await put(sized("small1", 100));
    await put(sized("small2", 100));
    const Keys = ["small1", "small2"].map((sk) => ({ pk: "units", sk }));
    const batch = await target.documents.send(
      new BatchGetCommand({ RequestItems: { [TableName]: { Keys } }, ReturnConsumedCapacity }),
    );
    expect(units(batch.ConsumedCapacity?.[0])).toEqual([1, 1, 0, 0]);
    const transaction = await target.documents.send(
      new TransactGetCommand({
        TransactItems: Keys.map((key) => ({ Get: { TableName, Key: key } })),
        ReturnConsumedCapacity,
      }),
    );
    expect(units(transaction.ConsumedCapacity?.[0])).toEqual([4, 4, 0, 0]);
  });

  it("are rounded once for a query, before its filter, on the index that it asks", async () => {
    for (let n = 0; n < 10; n++)
      await put({ pk: "sum", sk: String(n), gsi1pk: "sum", gsi1sk: String(n), text: "x".repeat(1000) });
    const query = async (options: { IndexName?: string; ConsistentRead?: boolean }) => {
      const { ConsumedCapacity, Count } = await target.documents.send(
        new QueryCommand({
          TableName,
          KeyConditionExpression: options.IndexName ? "gsi1pk = :sum" : "pk = :sum",
          FilterExpression: "attribute_not_exists(absent)",
          ExpressionAttributeValues: { ":sum": "sum" },
          ReturnConsumedCapacity,
          ...options,
        }),
      );
      return { units: units(ConsumedCapacity), Count };
    };
    expect((await query({ ConsistentRead: true })).units).toEqual([3, 3, 0, 0]);
    expect((await query({})).units).toEqual([1.5, 1.5, 0, 0]);
    const ofIndex = await eventually(
      () => query({ IndexName: "gsi1" }),
      ({ Count }) => Count === 10,
    );
    expect(ofIndex.units).toEqual([1.5, 0, 1.5, 0]);
  });
});
