import {
  CreateTableCommand,
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  ListTagsOfResourceCommand,
  PutItemCommand,
  ResourceInUseException,
  ResourceNotFoundException,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateContinuousBackupsCommand,
} from "@aws-sdk/client-dynamodb";
import {
  BatchGetCommand,
  BatchWriteCommand,
  DeleteCommand,
  GetCommand,
  PutCommand,
  UpdateCommand,
  type UpdateCommandInput,
} from "@aws-sdk/lib-dynamodb";
import { ensureTable, tableDefinition } from "@redline/local/provision";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type DynamoDbTarget, startDynamoDbTarget } from "../support/conformance";

let target: DynamoDbTarget;
let TableName: string;
beforeAll(async () => {
  target = await startDynamoDbTarget();
  TableName = target.tableName;
});
afterAll(() => target.close());

const put = (item: Record<string, unknown>) => target.put(item);
const get = (pk: string, sk: string) => target.get(pk, sk);
type UpdateExpression = Omit<UpdateCommandInput, "TableName" | "Key">;
const update = (pk: string, sk: string, expression: UpdateExpression) =>
  target.documents.send(new UpdateCommand({ TableName, Key: { pk, sk }, ReturnValues: "ALL_NEW", ...expression }));

describe("tables", () => {
  it("describes the product's table: keys, indexes, stream and billing", async () => {
    const { Table } = await target.client.send(new DescribeTableCommand({ TableName }));
    expect(Table).toMatchObject({
      TableName,
      TableStatus: "ACTIVE",
      KeySchema: [
        { AttributeName: "pk", KeyType: "HASH" },
        { AttributeName: "sk", KeyType: "RANGE" },
      ],
      BillingModeSummary: { BillingMode: "PAY_PER_REQUEST" },
      StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_AND_OLD_IMAGES" },
      LatestStreamArn: expect.stringMatching(/:table\/.+\/stream\/\d{4}-/),
    });
    expect(Table?.GlobalSecondaryIndexes?.map(({ IndexName }) => IndexName).sort()).toEqual(["gsi1", "gsi2"]);
  });

  it("refuses to create a table twice, and ensuring it again changes nothing", async () => {
    const creation = target.client.send(new CreateTableCommand(tableDefinition(TableName)));
    await expect(creation).rejects.toBeInstanceOf(ResourceInUseException);
    await ensureTable(target.client, TableName);
  });

  it("gives ResourceNotFoundException for a missing table", async () => {
    const request = target.documents.send(new GetCommand({ TableName: "redline-absent", Key: { pk: "a", sk: "b" } }));
    await expect(request).rejects.toBeInstanceOf(ResourceNotFoundException);
  });

  it("names the attribute by which items expire", async () => {
    const { TimeToLiveDescription } = await target.client.send(new DescribeTimeToLiveCommand({ TableName }));
    expect(TimeToLiveDescription).toEqual({ TimeToLiveStatus: expect.stringMatching(/^ENABL/), AttributeName: "ttl" });
  });

  it("switches point-in-time recovery on", async () => {
    const PointInTimeRecoverySpecification = { PointInTimeRecoveryEnabled: true };
    await target.client.send(new UpdateContinuousBackupsCommand({ TableName, PointInTimeRecoverySpecification }));
    const { ContinuousBackupsDescription } = await target.client.send(
      new DescribeContinuousBackupsCommand({ TableName }),
    );
    expect(ContinuousBackupsDescription).toMatchObject({
      ContinuousBackupsStatus: "ENABLED",
      PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus: "ENABLED" },
    });
  });

  it("keeps tags", async () => {
    const { Table } = await target.client.send(new DescribeTableCommand({ TableName }));
    const ResourceArn = Table?.TableArn ?? "";
    await target.client.send(
      new TagResourceCommand({
        ResourceArn,
        Tags: [
          { Key: "stage", Value: "test" },
          { Key: "gone", Value: "soon" },
        ],
      }),
    );
    await target.client.send(new UntagResourceCommand({ ResourceArn, TagKeys: ["gone"] }));
    const { Tags } = await target.client.send(new ListTagsOfResourceCommand({ ResourceArn }));
    expect(Tags).toEqual([{ Key: "stage", Value: "test" }]);
  });
});

describe("items", () => {
  it("round-trips every type", async () => {
    const item = {
      pk: "types",
      sk: "all",
      text: "né 中 😀",
      empty: "",
      number: -12.5,
      huge: 123456789012,
      yes: true,
      nothing: null,
      bytes: new Uint8Array([0, 255, 1]),
      list: [1, "two", { three: [3] }],
      map: { nested: { deep: "x" } },
      words: new Set(["a", "b"]),
      numbers: new Set([1, 2.5]),
    };
    await put(item);
    expect(await get("types", "all")).toEqual(item);
  });

  it("replaces the whole item on a put and returns the old one when asked", async () => {
    await put({ pk: "replace", sk: "1", old: true });
    const { Attributes } = await target.documents.send(
      new PutCommand({ TableName, Item: { pk: "replace", sk: "1", now: true }, ReturnValues: "ALL_OLD" }),
    );
    expect(Attributes).toEqual({ pk: "replace", sk: "1", old: true });
    expect(await get("replace", "1")).toEqual({ pk: "replace", sk: "1", now: true });
  });

  it("deletes an item, returns it on request, and ignores a missing one", async () => {
    await put({ pk: "delete", sk: "1", n: 1 });
    const Key = { pk: "delete", sk: "1" };
    const first = await target.documents.send(new DeleteCommand({ TableName, Key, ReturnValues: "ALL_OLD" }));
    const second = await target.documents.send(new DeleteCommand({ TableName, Key, ReturnValues: "ALL_OLD" }));
    expect([first.Attributes, second.Attributes]).toEqual([{ pk: "delete", sk: "1", n: 1 }, undefined]);
    expect(await get("delete", "1")).toBeUndefined();
  });

  it("returns only what a projection names, inside maps and lists too", async () => {
    await put({ pk: "project", sk: "1", a: 1, map: { x: 1, y: 2 }, list: ["p", "q", "r"] });
    const { Item } = await target.documents.send(
      new GetCommand({
        TableName,
        Key: { pk: "project", sk: "1" },
        ConsistentRead: true,
        ProjectionExpression: "#a, #map.x, #list[1]",
        ExpressionAttributeNames: { "#a": "a", "#map": "map", "#list": "list" },
      }),
    );
    expect(Item).toEqual({ a: 1, map: { x: 1 }, list: ["q"] });
  });

  it("takes 400 KB, counted in bytes of UTF-8 with the names, and not one byte more", async () => {
    const other = "pk".length + "size".length + "sk".length + "1".length + "t".length;
    const room = 400 * 1024 - other;
    await put({ pk: "size", sk: "1", t: "é".repeat(room / 2) + "x".repeat(room % 2) });
    await expect(put({ pk: "size", sk: "1", t: `${"é".repeat(room / 2)}xx` })).rejects.toMatchObject({
      name: "ValidationException",
      message: "Item size has exceeded the maximum allowed size",
    });
    const growing = update("size", "1", {
      UpdateExpression: "SET more = :more",
      ExpressionAttributeValues: { ":more": "x".repeat(100) },
    });
    await expect(growing).rejects.toMatchObject({ name: "ValidationException" });
  });

  it("refuses an item without its key, with a key of another type, or with an empty one", async () => {
    for (const item of [{ pk: "a" }, { pk: "a", sk: 1 }, { pk: "", sk: "a" }])
      await expect(put(item)).rejects.toMatchObject({ name: "ValidationException" });
  });

  it("takes keys of 2,048 and 1,024 bytes and no longer ones", async () => {
    await put({ pk: "é".repeat(1024), sk: "é".repeat(512) });
    for (const item of [
      { pk: `${"é".repeat(1024)}x`, sk: "1" },
      { pk: "1", sk: `${"é".repeat(512)}x` },
    ])
      await expect(put(item)).rejects.toMatchObject({ name: "ValidationException" });
  });

  it("normalizes numbers by value", async () => {
    const Item = { pk: { S: "number" }, sk: { S: "1" }, n: { N: "01.50" }, set: { NS: ["1.0", "2"] } };
    await target.client.send(new PutItemCommand({ TableName, Item }));
    expect(await get("number", "1")).toMatchObject({ n: 1.5, set: new Set([1, 2]) });
    const twice = { ...Item, set: { NS: ["1", "1.0"] } };
    await expect(target.client.send(new PutItemCommand({ TableName, Item: twice }))).rejects.toMatchObject({
      name: "ValidationException",
    });
  });

  it("takes 32 levels of lists and maps in each other and no more", async () => {
    const nested = (levels: number): unknown =>
      levels === 0 ? "x" : levels % 2 ? [nested(levels - 1)] : { m: nested(levels - 1) };
    await put({ pk: "deep", sk: "32", value: nested(32) });
    await expect(put({ pk: "deep", sk: "33", value: nested(33) })).rejects.toMatchObject({
      name: "ValidationException",
    });
  });

  it("refuses an index key of another type, an empty or a too long one, in a put and in an update", async () => {
    await put({ pk: "indexkey", sk: "1" });
    for (const gsi1pk of [5, "", "x".repeat(2049)]) {
      await expect(put({ pk: "indexkey", sk: "2", gsi1pk, gsi1sk: "x" })).rejects.toMatchObject({
        name: "ValidationException",
      });
      const setting = update("indexkey", "1", {
        UpdateExpression: "SET gsi1pk = :v, gsi1sk = :x",
        ExpressionAttributeValues: { ":v": gsi1pk, ":x": "x" },
      });
      await expect(setting).rejects.toMatchObject({ name: "ValidationException" });
    }
  });
});

describe("batches", () => {
  it("writes 25 items and returns them, leaving out missing ones", async () => {
    const keys = Array.from({ length: 25 }, (_, n) => ({ pk: "batch", sk: String(n) }));
    const RequestItems = { [TableName]: keys.map((key) => ({ PutRequest: { Item: { ...key, n: 1 } } })) };
    const written = await target.documents.send(new BatchWriteCommand({ RequestItems }));
    expect(written.UnprocessedItems).toEqual({});
    const { Responses, UnprocessedKeys } = await target.documents.send(
      new BatchGetCommand({
        RequestItems: { [TableName]: { Keys: [...keys, { pk: "batch", sk: "absent" }], ConsistentRead: true } },
      }),
    );
    expect(Responses?.[TableName]).toHaveLength(25);
    expect(UnprocessedKeys).toEqual({});
  });

  it("mixes puts and deletes", async () => {
    await put({ pk: "mixed", sk: "old" });
    await target.documents.send(
      new BatchWriteCommand({
        RequestItems: {
          [TableName]: [
            { DeleteRequest: { Key: { pk: "mixed", sk: "old" } } },
            { PutRequest: { Item: { pk: "mixed", sk: "new" } } },
          ],
        },
      }),
    );
    expect([await get("mixed", "old"), await get("mixed", "new")]).toEqual([undefined, { pk: "mixed", sk: "new" }]);
  });

  it("refuses the same item twice, and more than 25", async () => {
    const entry = (sk: string) => ({ PutRequest: { Item: { pk: "batch", sk } } });
    for (const entries of [[entry("1"), entry("1")], Array.from({ length: 26 }, (_, n) => entry(String(n)))])
      await expect(
        target.documents.send(new BatchWriteCommand({ RequestItems: { [TableName]: entries } })),
      ).rejects.toMatchObject({ name: "ValidationException" });
  });

  it("keeps numbers exact that JavaScript cannot hold", async () => {
    const N = "1234567890123456789012345678.9012345678";
    const Item = { pk: { S: "exact" }, sk: { S: "1" }, n: { N } };
    await target.client.send(new PutItemCommand({ TableName, Item }));
    const again = target.client.send(
      new PutItemCommand({
        TableName,
        Item,
        ConditionExpression: "n = :n",
        ExpressionAttributeValues: { ":n": { N: `${N}` } },
      }),
    );
    await expect(again).resolves.toBeDefined();
  });
});
