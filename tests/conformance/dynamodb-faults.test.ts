import { GetItemCommand } from "@aws-sdk/client-dynamodb";
import {
  BatchWriteCommand,
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  TransactWriteCommand,
} from "@aws-sdk/lib-dynamodb";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { dynamoDbClient, internal } from "../support/cloud";
import { type DynamoDbTarget, eventually, onAws, startDynamoDbTarget } from "../support/conformance";

describe.skipIf(onAws)("DynamoDB on the laptop", () => {
  let target: DynamoDbTarget;
  let TableName: string;
  beforeAll(async () => {
    target = await startDynamoDbTarget({ sweepMs: 50 });
    TableName = target.tableName;
  });
  afterEach(() => target.cloud?.setFaults(undefined));
  afterAll(() => target.close());

  const endpoint = () => target.cloud?.endpoints.dynamodb ?? "";
  const put = (item: Record<string, unknown>) => target.put(item);
  const get = async (pk: string, sk: string, ConsistentRead = true) =>
    (await target.documents.send(new GetCommand({ TableName, Key: { pk, sk }, ConsistentRead }))).Item;

  describe("in its fault mode", () => {
    it("throttles, and the SDK's own retries get through", async () => {
      target.cloud?.setFaults({ seed: 1, rules: [{ kind: "throttle", probability: 1, operation: "PutItem" }] });
      await expect(put({ pk: "fault", sk: "1" })).rejects.toMatchObject({
        name: "ProvisionedThroughputExceededException",
      });
      target.cloud?.setFaults({ seed: 1, rules: [{ kind: "throttle", probability: 0.4, operation: "PutItem" }] });
      for (let n = 0; n < 2; n++) await put({ pk: "fault", sk: String(n) });
    });

    it("leaves a part of a batch to the caller", async () => {
      const rule = { kind: "throttle" as const, probability: 0.5, operation: "BatchWriteItem.entry" };
      target.cloud?.setFaults({ seed: 3, rules: [rule] });
      const entries = Array.from({ length: 20 }, (_, n) => ({ PutRequest: { Item: { pk: "part", sk: String(n) } } }));
      const { UnprocessedItems } = await target.documents.send(
        new BatchWriteCommand({ RequestItems: { [TableName]: entries } }),
      );
      const left = UnprocessedItems?.[TableName] ?? [];
      expect(left.length).toBeGreaterThan(0);
      expect(left.length).toBeLessThan(20);
      for (const { PutRequest } of left) expect(await get("part", PutRequest?.Item?.sk)).toBeUndefined();
    });

    it("cancels writes as if another transaction was at work on their items", async () => {
      target.cloud?.setFaults({ seed: 1, rules: [{ kind: "conflict", probability: 1 }] });
      const Item = { pk: "conflict", sk: "1" };
      await expect(put(Item)).rejects.toMatchObject({ name: "TransactionConflictException" });
      const transaction = target.documents.send(
        new TransactWriteCommand({ TransactItems: [{ Put: { TableName, Item } }] }),
      );
      await expect(transaction).rejects.toMatchObject({
        name: "TransactionCanceledException",
        CancellationReasons: [{ Code: "TransactionConflict" }],
      });
      target.cloud?.setFaults(undefined);
      expect(await get("conflict", "1")).toBeUndefined();
    });

    it("responds late", async () => {
      target.cloud?.setFaults({
        seed: 1,
        rules: [{ kind: "delay", probability: 1, delayMs: 1, operation: "PutItem" }],
      });
      await put({ pk: "delay", sk: "1" });
      expect(await get("delay", "1")).toBeDefined();
    });

    it.each(["drop", "cut"] as const)("has done the write when the response is lost (%s)", async (kind) => {
      const impatient = DynamoDBDocumentClient.from(dynamoDbClient(endpoint(), { maxAttempts: 1 }));
      target.cloud?.setFaults({ seed: 1, rules: [{ kind, probability: 1, operation: "PutItem" }] });
      const Item = { pk: "lost", sk: kind };
      await expect(impatient.send(new PutCommand({ TableName, Item }))).rejects.toThrow();
      expect(await get("lost", kind)).toEqual(Item);
      impatient.destroy();
    });

    it("gives 1,000 transactions whose responses get lost at random one effect each (F3)", async () => {
      target.cloud?.setFaults({
        seed: 42,
        rules: [
          { kind: "drop", probability: 0.2, operation: "TransactWriteItems" },
          { kind: "cut", probability: 0.1, operation: "TransactWriteItems" },
        ],
      });
      const patient = DynamoDBDocumentClient.from(
        dynamoDbClient(endpoint(), { maxAttempts: 20, retryStrategy: undefined }),
      );
      const once = async (n: number) => {
        const TransactItems = [
          {
            Update: {
              TableName,
              Key: { pk: "once", sk: String(n % 50) },
              UpdateExpression: "ADD n :one",
              ExpressionAttributeValues: { ":one": 1 },
            },
          },
        ];
        for (;;) {
          try {
            return await patient.send(new TransactWriteCommand({ ClientRequestToken: `once-${n}`, TransactItems }));
          } catch (error) {
            if (error instanceof Error && error.name.endsWith("Exception")) throw error;
          }
        }
      };
      const numbers = Array.from({ length: 1_000 }, (_, n) => n);
      const worker = async () => {
        for (let n = numbers.pop(); n !== undefined; n = numbers.pop()) await once(n);
      };
      await Promise.all(Array.from({ length: 20 }, worker));
      target.cloud?.setFaults(undefined);
      const { Items = [] } = await target.documents.send(
        new QueryCommand({
          TableName,
          ConsistentRead: true,
          KeyConditionExpression: "pk = :once",
          ExpressionAttributeValues: { ":once": "once" },
        }),
      );
      expect(Items.map(({ n }) => n)).toEqual(Array.from({ length: 50 }, () => 20));
      patient.destroy();
    });

    it("is set from another process by an internal endpoint", async () => {
      const rules = [{ kind: "throttle", probability: 1 }];
      await internal(endpoint(), "PUT", "/_redline/faults", { seed: 1, rules });
      const impatient = dynamoDbClient(endpoint(), { maxAttempts: 1 });
      const Key = { pk: { S: "x" }, sk: { S: "y" } };
      const read = () => impatient.send(new GetItemCommand({ TableName, Key }));
      await expect(read()).rejects.toMatchObject({ name: "ProvisionedThroughputExceededException" });
      await internal(endpoint(), "DELETE", "/_redline/faults");
      await expect(read()).resolves.toBeDefined();
      impatient.destroy();
    });
  });

  describe("with late indexes and stale reads", () => {
    const lateFor = 3_600_000;
    const inIndex = async (gsi1pk: string, options: Partial<{ Limit: number; ScanIndexForward: boolean }> = {}) =>
      (
        await target.documents.send(
          new QueryCommand({
            TableName,
            IndexName: "gsi1",
            KeyConditionExpression: "gsi1pk = :pk",
            ExpressionAttributeValues: { ":pk": gsi1pk },
            ...options,
          }),
        )
      ).Items?.map(({ sk, n }) => `${sk}${n}`);

    it("shows an index as it was some time ago, never in between, whichever way it is read", async () => {
      for (const sk of ["a", "b", "c"]) await put({ pk: "late", sk, n: 1, gsi1pk: "late", gsi1sk: sk });
      target.cloud?.setFaults({ seed: 5, lateIndexMs: lateFor });
      await put({ pk: "late", sk: "b", n: 2, gsi1pk: "late", gsi1sk: "b" });
      await put({ pk: "late", sk: "bb", n: 2, gsi1pk: "late", gsi1sk: "bb" });
      await put({ pk: "late", sk: "a", n: 2, gsi1pk: "elsewhere", gsi1sk: "a" });
      // A lag is drawn anew for each query, up to an hour; the writes above are seconds old at most.
      const seen = new Set<string>();
      for (let look = 0; look < 20; look++) seen.add(String(await inIndex("late")));
      expect([...seen]).toEqual(["a1,b1,c1"]);
      expect(await inIndex("late", { ScanIndexForward: false })).toEqual(["c1", "b1", "a1"]);
      expect(await inIndex("late", { Limit: 2 })).toEqual(["a1", "b1"]);
      expect(await inIndex("elsewhere")).toEqual([]);
      expect(await get("late", "b")).toMatchObject({ n: 2 });
      target.cloud?.setFaults(undefined);
      expect(await inIndex("late")).toEqual(["b2", "bb2", "c1"]);
    });

    it("gives an old image to plain reads, and always the last one to consistent ones", async () => {
      await put({ pk: "stale", sk: "1", n: 1 });
      target.cloud?.setFaults({ seed: 5, staleReadMs: lateFor });
      await put({ pk: "stale", sk: "1", n: 2 });
      await put({ pk: "stale", sk: "2", n: 2 });
      expect([(await get("stale", "1", false))?.n, await get("stale", "2", false)]).toEqual([1, undefined]);
      expect([(await get("stale", "1"))?.n, (await get("stale", "2"))?.n]).toEqual([2, 2]);
      const query = async (ConsistentRead: boolean) =>
        (
          await target.documents.send(
            new QueryCommand({
              TableName,
              ConsistentRead,
              KeyConditionExpression: "pk = :pk",
              ExpressionAttributeValues: { ":pk": "stale" },
            }),
          )
        ).Items?.map(({ n }) => n);
      expect([await query(false), await query(true)]).toEqual([[1], [2, 2]]);
    });

    it("catches up", async () => {
      target.cloud?.setFaults({ seed: 5, lateIndexMs: 100, staleReadMs: 100 });
      await put({ pk: "catch", sk: "1", n: 1, gsi1pk: "catch", gsi1sk: "1" });
      const both = async () => [await inIndex("catch"), (await get("catch", "1", false))?.n];
      expect(await eventually(both, ([index, plain]) => String(index) === "11" && plain === 1)).toEqual([["11"], 1]);
    });
  });
});
