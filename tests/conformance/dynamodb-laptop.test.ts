import { get as httpGet } from "node:http";
import { DeleteTableCommand, DynamoDBClient, ListTablesCommand, UpdateTableCommand } from "@aws-sdk/client-dynamodb";
import { PutCommand, QueryCommand, ScanCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { INTERNAL_HEADERS } from "@redline/local/credentials";
import { ensureTable } from "@redline/local/provision";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { localClient, startChildCloud } from "../support/cloud";
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
  const get = (pk: string, sk: string) => target.get(pk, sk);

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

    it("refuses a page whose name was rebound to this machine", async () => {
      const status = await new Promise((resolve, reject) => {
        const headers = { ...INTERNAL_HEADERS, host: "rebound.example" };
        httpGet(`${endpoint()}/_redline/stream`, { headers }, (response) => {
          response.resume();
          resolve(response.statusCode);
        }).on("error", reject);
      });
      expect(status).toBe(403);
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

  it("fills a new index with what is written meanwhile", async () => {
    const items = Array.from({ length: 300 }, (_, n) => ({ pk: "busy", sk: String(n), kind: "old" }));
    await Promise.all(items.map(put));
    const adding = target.client.send(
      new UpdateTableCommand({
        TableName,
        AttributeDefinitions: [{ AttributeName: "kind", AttributeType: "S" }],
        GlobalSecondaryIndexUpdates: [
          {
            Create: {
              IndexName: "by-kind",
              KeySchema: [{ AttributeName: "kind", KeyType: "HASH" }],
              Projection: { ProjectionType: "ALL" },
            },
          },
        ],
      }),
    );
    await Promise.all([
      adding,
      ...items.map(({ sk }) => put({ pk: "busy", sk, kind: Number(sk) % 3 ? "new" : "old" })),
    ]);
    const count = async (kind: string) =>
      (
        await target.documents.send(
          new QueryCommand({
            TableName,
            IndexName: "by-kind",
            KeyConditionExpression: "kind = :kind",
            ExpressionAttributeValues: { ":kind": kind },
          }),
        )
      ).Count;
    expect([await count("old"), await count("new")]).toEqual([100, 200]);
  });

  it("starts a table empty that had the name of a deleted one", async () => {
    const again = "redline-again";
    await ensureTable(target.client, again);
    const Item = { pk: "1", sk: "1", gsi1pk: "1", gsi1sk: "1", ttl: 1_900_000_000 };
    await target.documents.send(new PutCommand({ TableName: again, Item }));
    await target.client.send(new DeleteTableCommand({ TableName: again }));
    await ensureTable(target.client, again);
    const { Items } = await target.documents.send(new ScanCommand({ TableName: again, ConsistentRead: true }));
    expect(Items).toEqual([]);
  });

  it("says in one sentence that Redline runs already, when a second one starts on its data", async () => {
    const second = startChildCloud(target.cloud?.dataDir ?? "");
    await expect(second).rejects.toThrow(/ended with 1: Redline is already running on .+ \(pid \d+\)\.$/);
  });
});
