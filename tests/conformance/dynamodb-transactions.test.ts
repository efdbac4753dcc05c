import {
  IdempotentParameterMismatchException,
  TransactionCanceledException,
  type TransactWriteItemsCommandInput,
} from "@aws-sdk/client-dynamodb";
import {
  QueryCommand,
  TransactGetCommand,
  TransactWriteCommand,
  type TransactWriteCommandInput,
} from "@aws-sdk/lib-dynamodb";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type DynamoDbTarget, eventually, startDynamoDbTarget } from "../support/conformance";

let target: DynamoDbTarget;
let TableName: string;
beforeAll(async () => {
  target = await startDynamoDbTarget();
  TableName = target.tableName;
});
afterAll(() => target.close());

type Items = NonNullable<TransactWriteCommandInput["TransactItems"]>;

const put = (item: Record<string, unknown>) => target.put(item);
const get = (pk: string, sk: string) => target.get(pk, sk);
const transact = (TransactItems: Items, ClientRequestToken?: string) =>
  target.documents.send(new TransactWriteCommand({ TransactItems, ClientRequestToken }));
const addTo = (pk: string, sk: string, n: number): Items[number] => ({
  Update: {
    TableName,
    Key: { pk, sk },
    UpdateExpression: "ADD n :n",
    ExpressionAttributeValues: { ":n": n },
  },
});

async function cancelled(request: Promise<unknown>): Promise<TransactionCanceledException> {
  const error = await request.then(
    () => undefined,
    (failure: unknown) => failure,
  );
  if (!(error instanceof TransactionCanceledException)) throw new Error(`not cancelled but: ${error}`);
  return error;
}

it("puts, updates, deletes and checks, all together", async () => {
  await put({ pk: "all", sk: "checked" });
  await put({ pk: "all", sk: "deleted" });
  await transact([
    { Put: { TableName, Item: { pk: "all", sk: "put", gsi1pk: "all", gsi1sk: "1" } } },
    addTo("all", "updated", 1),
    { Delete: { TableName, Key: { pk: "all", sk: "deleted" } } },
    {
      ConditionCheck: {
        TableName,
        Key: { pk: "all", sk: "checked" },
        ConditionExpression: "attribute_exists(pk)",
      },
    },
  ]);
  expect(await get("all", "put")).toMatchObject({ sk: "put" });
  expect(await get("all", "updated")).toMatchObject({ n: 1 });
  expect(await get("all", "deleted")).toBeUndefined();
  const inIndex = async () => {
    const { Items } = await target.documents.send(
      new QueryCommand({
        TableName,
        IndexName: "gsi1",
        KeyConditionExpression: "gsi1pk = :all",
        ExpressionAttributeValues: { ":all": "all" },
      }),
    );
    return Items?.length;
  };
  expect(await eventually(inIndex, (count) => count === 1)).toBe(1);
});

it("changes nothing when one condition fails, and names it, with the item on request", async () => {
  await put({ pk: "cancel", sk: "exists", n: 1 });
  const error = await cancelled(
    transact([
      { Put: { TableName, Item: { pk: "cancel", sk: "fresh" } } },
      {
        Put: {
          TableName,
          Item: { pk: "cancel", sk: "exists" },
          ConditionExpression: "attribute_not_exists(pk)",
          ReturnValuesOnConditionCheckFailure: "ALL_OLD",
        },
      },
      addTo("cancel", "counter", 1),
    ]),
  );
  expect(error.CancellationReasons?.map(({ Code }) => Code)).toEqual(["None", "ConditionalCheckFailed", "None"]);
  expect(error.CancellationReasons?.[1]?.Item).toMatchObject({ sk: { S: "exists" }, n: { N: "1" } });
  expect(error.message).toContain("[None, ConditionalCheckFailed, None]");
  expect(await get("cancel", "fresh")).toBeUndefined();
  expect(await get("cancel", "counter")).toBeUndefined();
});

it("gives a cancellation reason for an update that does not fit its item", async () => {
  await put({ pk: "cancel", sk: "text", n: "text" });
  const error = await cancelled(transact([addTo("cancel", "text", 1), addTo("cancel", "other", 1)]));
  expect(error.CancellationReasons?.map(({ Code }) => Code)).toEqual(["ValidationError", "None"]);
});

it("does a request with the same token once, and refuses another request with it", async () => {
  const token = "token-once";
  await transact([addTo("token", "1", 5)], token);
  await transact([addTo("token", "1", 5)], token);
  expect(await get("token", "1")).toMatchObject({ n: 5 });
  await expect(transact([addTo("token", "1", 6)], token)).rejects.toBeInstanceOf(IdempotentParameterMismatchException);
});

it("does a request with a token once when it is sent many times at once", async () => {
  const token = "token-crowd";
  await Promise.all(Array.from({ length: 10 }, () => transact([addTo("token", "crowd", 1)], token)));
  expect(await get("token", "crowd")).toMatchObject({ n: 1 });
});

it("forgets the token of a cancelled transaction", async () => {
  const condition = { ConditionExpression: "attribute_exists(pk)" };
  const items: Items = [{ Put: { TableName, Item: { pk: "token", sk: "later" }, ...condition } }];
  await cancelled(transact(items, "token-cancelled"));
  await put({ pk: "token", sk: "later" });
  await transact(items, "token-cancelled");
});

it("takes 100 writes and refuses 101, none, and two on one item", async () => {
  const writes = (count: number) =>
    Array.from({ length: count }, (_, n) => ({ Put: { TableName, Item: { pk: "many", sk: String(n) } } }));
  await transact(writes(100));
  for (const items of [writes(101), [], [...writes(1), ...writes(1)]])
    await expect(transact(items)).rejects.toMatchObject({ name: "ValidationException" });
});

it("reads several items consistently, with empty entries for missing ones", async () => {
  await put({ pk: "read", sk: "1", n: 1, other: true });
  const { Responses } = await target.documents.send(
    new TransactGetCommand({
      TransactItems: [
        { Get: { TableName, Key: { pk: "read", sk: "1" }, ProjectionExpression: "n" } },
        { Get: { TableName, Key: { pk: "read", sk: "absent" } } },
      ],
    }),
  );
  expect(Responses?.map(({ Item }) => Item)).toEqual([{ n: 1 }, undefined]);
});

it("refuses to read one item twice", async () => {
  const Get = { TableName, Key: { pk: "read", sk: "twice" } };
  const twice = new TransactGetCommand({ TransactItems: [{ Get }, { Get: { ...Get, ProjectionExpression: "n" } }] });
  await expect(target.documents.send(twice)).rejects.toMatchObject({
    name: "ValidationException",
    message: expect.stringContaining("multiple operations on one item"),
  });
});

it("never shows nor loses money that many transfers move at once", async () => {
  const accounts = 8;
  const start = 100;
  await Promise.all(Array.from({ length: accounts }, (_, n) => put({ pk: "bank", sk: String(n), n: start })));
  const total = async () => {
    const { Responses = [] } = await target.documents.send(
      new TransactGetCommand({
        TransactItems: Array.from({ length: accounts }, (_, n) => ({
          Get: { TableName, Key: { pk: "bank", sk: String(n) } },
        })),
      }),
    );
    return Responses.reduce((sum, { Item }) => sum + Number(Item?.n), 0);
  };
  let moved = 0;
  const transfers = Array.from({ length: 12 }, async (_, worker) => {
    for (let round = 0; round < 15; round++) {
      const from = (worker + round) % accounts;
      const to = (from + 1 + (round % (accounts - 1))) % accounts;
      const amount = 1 + ((worker * 7 + round * 13) % 40);
      try {
        await transact([
          {
            Update: {
              TableName,
              Key: { pk: "bank", sk: String(from) },
              UpdateExpression: "SET n = n - :n",
              ConditionExpression: "n >= :n",
              ExpressionAttributeValues: { ":n": amount },
            },
          },
          addTo("bank", String(to), amount),
        ]);
        moved++;
      } catch (error) {
        if (!(error instanceof TransactionCanceledException)) throw error;
      }
    }
  });
  const seen: number[] = [];
  const watching = (async () => {
    for (let look = 0; look < 40; look++) {
      const sum = await total().catch((error: Error) => {
        if (error.name !== "TransactionCanceledException") throw error;
        return undefined;
      });
      if (sum !== undefined) seen.push(sum);
    }
  })();
  await Promise.all([...transfers, watching]);
  expect(new Set([...seen, await total()])).toEqual(new Set([accounts * start]));
  expect(moved).toBeGreaterThan(0);
});

it("reports what a transaction consumed: twice the units, indexes too", async () => {
  const request = (ReturnConsumedCapacity: TransactWriteItemsCommandInput["ReturnConsumedCapacity"], sk: string) =>
    target.documents.send(
      new TransactWriteCommand({
        ReturnConsumedCapacity,
        TransactItems: [
          { Put: { TableName, Item: { pk: "units", sk, gsi1pk: "u", gsi1sk: "1", text: "x".repeat(1500) } } },
          addTo("units", `${sk}-counter`, 1),
        ],
      }),
    );
  const { ConsumedCapacity } = await request("INDEXES", "1");
  expect(ConsumedCapacity).toMatchObject([
    {
      TableName,
      CapacityUnits: 10,
      Table: { CapacityUnits: 6 },
      GlobalSecondaryIndexes: { gsi1: { CapacityUnits: 4 } },
    },
  ]);
  expect((await request("TOTAL", "2")).ConsumedCapacity).toMatchObject([{ TableName, CapacityUnits: 10 }]);
});
