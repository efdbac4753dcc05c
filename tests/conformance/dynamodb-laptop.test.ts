import { get as httpGet } from "node:http";
import { DeleteTableCommand, DynamoDBClient, ListTablesCommand, UpdateTableCommand } from "@aws-sdk/client-dynamodb";
import { PutCommand, QueryCommand, ScanCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { ensureTable } from "@redline/local/provision";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { localClient, signed, startChildCloud } from "../support/cloud";
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

  describe("accepts its own clients only", () => {
    const target = { "x-amz-target": "DynamoDB_20120810.ListTables" };
    const good = (path = "/") => signed(endpoint() + path, "POST", "{}", { more: target });
    const status = async (headers: Record<string, string>, path = "/") =>
      (await fetch(endpoint() + path, { method: "POST", headers, body: "{}" })).status;

    it("refuses a request without a signature, or signed by another key", async () => {
      expect(await status(good().headers)).toBe(200);
      expect(await status(target)).toBe(403);
      for (const credentials of [
        { accessKeyId: "stranger", secretAccessKey: "x" },
        // The key of builds that had one in their source.
        { accessKeyId: "redline", secretAccessKey: "redline-local" },
      ]) {
        const stranger = new DynamoDBClient({ ...localClient(endpoint()), credentials });
        await expect(stranger.send(new ListTablesCommand({}))).rejects.toMatchObject({
          name: "UnrecognizedClientException",
        });
      }
    });

    it("refuses what was signed for another body, operation, address, service, region or time", async () => {
      const { headers } = good();
      const send = async (change: Record<string, string>, { path = "/", body = "{}" } = {}) =>
        (await fetch(endpoint() + path, { method: "POST", headers: { ...headers, ...change }, body })).status;
      expect(await send({}, { body: "{ }" })).toBe(403);
      expect(await send({ "x-amz-target": "DynamoDB_20120810.DeleteTable" })).toBe(403);
      expect(await send({}, { path: "/_redline/stream/ack" })).toBe(403);
      expect(await send({ "x-amz-date": "20200101T000000Z" })).toBe(403);
      expect(await send({ "x-amz-security-token": "more" })).toBe(403);
      const { authorization = "" } = headers;
      expect(await send({ authorization: authorization.replace(/.$/, (last) => (last === "0" ? "1" : "0")) })).toBe(
        403,
      );
      expect(await send({ authorization: authorization.replace("us-east-1", "eu-west-1") })).toBe(403);
      const elsewhere = new DynamoDBClient({ ...localClient(endpoint()), region: "eu-west-1" });
      await expect(elsewhere.send(new ListTablesCommand({}))).rejects.toMatchObject({
        name: "UnrecognizedClientException",
      });
      const forSqs = signed(endpoint(), "POST", "{}", { service: "sqs", more: target });
      expect(await status(forSqs.headers)).toBe(403);
    });

    it("refuses whatever a web page sends, internal endpoints too, even when it is signed", async () => {
      const pages: Record<string, string>[] = [
        { origin: "http://localhost:3000" },
        { origin: "null" },
        { "sec-fetch-site": "same-origin" },
      ];
      for (const page of pages) {
        expect(await status({ ...good().headers, ...page })).toBe(403);
        expect(await status({ ...good("/_redline/stream/ack").headers, ...page }, "/_redline/stream/ack")).toBe(403);
        expect((await fetch(endpoint(), { method: "OPTIONS", headers: { ...good().headers, ...page } })).status).toBe(
          403,
        );
      }
    });

    it("refuses a page whose name was rebound to this machine", async () => {
      const answered = await new Promise((resolve, reject) => {
        const url = `${endpoint()}/_redline/stream`;
        const { headers } = signed(url, "GET", "");
        httpGet(url, { headers: { ...headers, host: "rebound.example" } }, (response) => {
          response.resume();
          resolve(response.statusCode);
        }).on("error", reject);
      });
      expect(answered).toBe(403);
    });

    it("rejects an unknown operation and a malformed body with an error", async () => {
      const more = { "x-amz-target": "DynamoDB_20120810.constructor" };
      const unknown = await fetch(endpoint(), signed(endpoint(), "POST", "{}", { more }));
      expect(await unknown.json()).toMatchObject({ __type: expect.stringContaining("UnknownOperationException") });
      const broken = await fetch(endpoint(), signed(endpoint(), "POST", "{", { more: target }));
      expect(await broken.json()).toMatchObject({ __type: expect.stringContaining("SerializationException") });
    });
  });

  describe("removes expired items", () => {
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

  it("refuses a second start on its data in one sentence", async () => {
    const second = startChildCloud(target.cloud?.dataDir ?? "");
    await expect(second).rejects.toThrow(/ended with 1: Redline is already running on .+ \(pid \d+\)\.$/);
  });
});
