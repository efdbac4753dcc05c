import { DynamoDBClient, GetItemCommand, ListTablesCommand, UpdateTableCommand } from "@aws-sdk/client-dynamodb";
import {
  BatchWriteCommand,
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  TransactWriteCommand,
  UpdateCommand,
} from "@aws-sdk/lib-dynamodb";
import { INTERNAL_HEADERS } from "@redline/local/credentials";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { dynamoDbClient, internal, localClient, startChildCloud } from "../support/cloud";
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
  const put = (item: Record<string, unknown>) => target.documents.send(new PutCommand({ TableName, Item: item }));
  const get = async (pk: string, sk: string, ConsistentRead = true) =>
    (await target.documents.send(new GetCommand({ TableName, Key: { pk, sk }, ConsistentRead }))).Item;

  describe("lets nobody in but its own clients", () => {
    const ask = (headers: Record<string, string>, path = "/") =>
      fetch(endpoint() + path, {
        method: "POST",
        headers: { "x-amz-target": "DynamoDB_20120810.ListTables", ...headers },
        body: "{}",
      });

    it("refuses a request without a signature, or signed by another key", async () => {
      const other = { authorization: "AWS4-HMAC-SHA256 Credential=AKIAOTHER/x, SignedHeaders=host, Signature=0" };
      expect([(await ask({})).status, (await ask(other)).status, (await ask(INTERNAL_HEADERS)).status]).toEqual([
        403, 403, 200,
      ]);
      const stranger = new DynamoDBClient({
        ...localClient(endpoint()),
        credentials: { accessKeyId: "stranger", secretAccessKey: "x" },
      });
      await expect(stranger.send(new ListTablesCommand({}))).rejects.toMatchObject({
        name: "UnrecognizedClientException",
      });
    });

    it("refuses whatever a web page sends, its own verbs too", async () => {
      const headers = { ...INTERNAL_HEADERS, origin: "http://localhost:3000" };
      expect((await ask(headers)).status).toBe(403);
      expect((await ask(headers, "/_redline/stream/ack")).status).toBe(403);
      expect((await fetch(endpoint(), { method: "OPTIONS", headers })).status).toBe(403);
    });

    it("answers an unknown operation and a broken body with an error", async () => {
      const unknown = await ask({ ...INTERNAL_HEADERS, "x-amz-target": "DynamoDB_20120810.constructor" });
      expect(await unknown.json()).toMatchObject({ __type: expect.stringContaining("UnknownOperationException") });
      const broken = await fetch(endpoint(), {
        method: "POST",
        headers: { ...INTERNAL_HEADERS, "x-amz-target": "DynamoDB_20120810.ListTables" },
        body: "{",
      });
      expect(await broken.json()).toMatchObject({ __type: expect.stringContaining("SerializationException") });
    });
  });

  describe("removes what has expired", () => {
    const second = () => Math.floor(Date.now() / 1000);

    it("and its index rows, but nothing that has time left, none, or more than five years behind", async () => {
      await put({ pk: "ttl", sk: "expired", ttl: second() - 2, gsi1pk: "ttl", gsi1sk: "1" });
      await put({ pk: "ttl", sk: "later", ttl: second() + 600 });
      await put({ pk: "ttl", sk: "text", ttl: "5" });
      await put({ pk: "ttl", sk: "ancient", ttl: second() - 6 * 365 * 86_400 });
      expect(
        await eventually(
          () => get("ttl", "expired"),
          (item) => item === undefined,
        ),
      ).toBeUndefined();
      for (const sk of ["later", "text", "ancient"]) expect(await get("ttl", sk)).toBeDefined();
      const { Items } = await target.documents.send(
        new QueryCommand({
          TableName,
          IndexName: "gsi1",
          KeyConditionExpression: "gsi1pk = :ttl",
          ExpressionAttributeValues: { ":ttl": "ttl" },
        }),
      );
      expect(Items).toEqual([]);
    });

    it("unless it was given more time", async () => {
      await put({ pk: "ttl", sk: "extended", ttl: second() + 1 });
      await target.documents.send(
        new UpdateCommand({
          TableName,
          Key: { pk: "ttl", sk: "extended" },
          UpdateExpression: "SET #ttl = :later",
          ExpressionAttributeNames: { "#ttl": "ttl" },
          ExpressionAttributeValues: { ":later": second() + 600 },
        }),
      );
      await put({ pk: "ttl", sk: "witness", ttl: second() + 1 });
      await eventually(
        () => get("ttl", "witness"),
        (item) => item === undefined,
      );
      expect(await get("ttl", "extended")).toBeDefined();
    });
  });

  it("fills an index that is added to a table with items, and takes it away again", async () => {
    await put({ pk: "added", sk: "1", owner: "ann" });
    await target.client.send(
      new UpdateTableCommand({
        TableName,
        AttributeDefinitions: [{ AttributeName: "owner", AttributeType: "S" }],
        GlobalSecondaryIndexUpdates: [
          {
            Create: {
              IndexName: "by-owner",
              KeySchema: [{ AttributeName: "owner", KeyType: "HASH" }],
              Projection: { ProjectionType: "KEYS_ONLY" },
            },
          },
        ],
      }),
    );
    await put({ pk: "added", sk: "2", owner: "ann", more: true });
    const query = () =>
      target.documents.send(
        new QueryCommand({
          TableName,
          IndexName: "by-owner",
          KeyConditionExpression: "#owner = :ann",
          ExpressionAttributeNames: { "#owner": "owner" },
          ExpressionAttributeValues: { ":ann": "ann" },
        }),
      );
    expect((await query()).Items).toEqual([
      { pk: "added", sk: "1", owner: "ann" },
      { pk: "added", sk: "2", owner: "ann" },
    ]);
    await target.client.send(
      new UpdateTableCommand({ TableName, GlobalSecondaryIndexUpdates: [{ Delete: { IndexName: "by-owner" } }] }),
    );
    await expect(query()).rejects.toMatchObject({ name: "ValidationException" });
  });

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

    it("answers late", async () => {
      target.cloud?.setFaults({
        seed: 1,
        rules: [{ kind: "delay", probability: 1, delayMs: 1, operation: "PutItem" }],
      });
      await put({ pk: "delay", sk: "1" });
      expect(await get("delay", "1")).toBeDefined();
    });

    it.each(["drop", "cut"] as const)("has done the write when the answer is lost (%s)", async (kind) => {
      const impatient = DynamoDBDocumentClient.from(dynamoDbClient(endpoint(), { maxAttempts: 1 }));
      target.cloud?.setFaults({ seed: 1, rules: [{ kind, probability: 1, operation: "PutItem" }] });
      const Item = { pk: "lost", sk: kind };
      await expect(impatient.send(new PutCommand({ TableName, Item }))).rejects.toThrow();
      expect(await get("lost", kind)).toEqual(Item);
      impatient.destroy();
    });

    it("gives 1,000 transactions whose answers get lost at random one effect each (F3)", async () => {
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

    it("is set from another process by its own verb", async () => {
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
    const lateFor = 60_000;
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
      // A lag is drawn anew for each query, up to a minute; the writes above are milliseconds old.
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

  it("says in one sentence that Redline runs already, when a second one starts on its data", async () => {
    const second = startChildCloud(target.cloud?.dataDir ?? "");
    await expect(second).rejects.toThrow(/ended with 1: Redline is already running on .+ \(pid \d+\)\.$/);
  });
});
