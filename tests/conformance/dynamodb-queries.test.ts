import {
  BatchWriteCommand,
  QueryCommand,
  type QueryCommandInput,
  ScanCommand,
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

type Row = Record<string, unknown>;
type Query = Omit<QueryCommandInput, "TableName">;

const put = (item: Row) => target.put(item);
const query = (input: Query) => target.documents.send(new QueryCommand({ TableName, ...input }));

async function putAll(items: Row[]): Promise<void> {
  for (let first = 0; first < items.length; first += 25)
    await target.documents.send(
      new BatchWriteCommand({
        RequestItems: { [TableName]: items.slice(first, first + 25).map((Item) => ({ PutRequest: { Item } })) },
      }),
    );
}

/** All pages, one after the other. */
async function allPages(input: Query): Promise<{ items: Row[]; pages: number }> {
  const items: Row[] = [];
  let pages = 0;
  let ExclusiveStartKey: Row | undefined;
  do {
    const page = await query({ ...input, ExclusiveStartKey });
    items.push(...(page.Items ?? []));
    ExclusiveStartKey = page.LastEvaluatedKey;
    pages++;
  } while (ExclusiveStartKey);
  return { items, pages };
}

const inPartition = (pk: string): Query => ({
  KeyConditionExpression: "pk = :pk",
  ExpressionAttributeValues: { ":pk": pk },
  ConsistentRead: true,
});
const inIndex = (gsi1pk: string): Query => ({
  IndexName: "gsi1",
  KeyConditionExpression: "gsi1pk = :pk",
  ExpressionAttributeValues: { ":pk": gsi1pk },
});
const sortKeys = (items: Row[] | undefined) => items?.map(({ sk }) => sk);
const indexed = (gsi1pk: string, count: number) =>
  eventually(
    () => allPages(inIndex(gsi1pk)),
    ({ items }) => items.length === count,
  );

describe("queries of the table", () => {
  it("gives the partition in the order of its sort keys' UTF-8 bytes", async () => {
    const inOrder = ["A", "B", "a", "a!", "a\u0001", "ab", "b", "z", "é", "中", "\uffff", "😀"].sort((x, y) =>
      Buffer.compare(Buffer.from(x), Buffer.from(y)),
    );
    await putAll([...inOrder].reverse().map((sk) => ({ pk: "order", sk })));
    await putAll([
      { pk: "orde", sk: "before" },
      { pk: "order2", sk: "after" },
    ]);
    expect(sortKeys((await query(inPartition("order"))).Items)).toEqual(inOrder);
    const { Items } = await query({ ...inPartition("order"), ScanIndexForward: false });
    expect(sortKeys(Items)).toEqual([...inOrder].reverse());
  });

  const RANGES: [condition: string, values: Row, found: string[]][] = [
    ["sk = :a", { ":a": "b" }, ["b"]],
    ["sk < :a", { ":a": "b" }, ["a", "ab"]],
    ["sk <= :a", { ":a": "b" }, ["a", "ab", "b"]],
    ["sk > :a", { ":a": "b" }, ["b1", "b2", "c"]],
    ["sk >= :a", { ":a": "b" }, ["b", "b1", "b2", "c"]],
    ["sk BETWEEN :a AND :b", { ":a": "ab", ":b": "b1" }, ["ab", "b", "b1"]],
    ["begins_with(sk, :a)", { ":a": "b" }, ["b", "b1", "b2"]],
    ["begins_with(sk, :a)", { ":a": "x" }, []],
  ];
  it.each(RANGES)("%s with %o finds %o", async (condition, values, found) => {
    await putAll(["a", "ab", "b", "b1", "b2", "c"].map((sk) => ({ pk: "range", sk })));
    const { Items } = await query({
      KeyConditionExpression: `pk = :pk AND ${condition}`,
      ExpressionAttributeValues: { ":pk": "range", ...values },
      ConsistentRead: true,
    });
    expect(sortKeys(Items)).toEqual(found);
  });

  it("pages by limit, forwards and backwards, each item once", async () => {
    const keys = Array.from({ length: 25 }, (_, n) => String(n).padStart(2, "0"));
    await putAll(keys.map((sk) => ({ pk: "pages", sk })));
    const forwards = await allPages({ ...inPartition("pages"), Limit: 7 });
    const backwards = await allPages({ ...inPartition("pages"), Limit: 7, ScanIndexForward: false });
    expect([sortKeys(forwards.items), forwards.pages]).toEqual([keys, 4]);
    expect([sortKeys(backwards.items), backwards.pages]).toEqual([[...keys].reverse(), 4]);
  });

  it("returns a key to continue from when the limit is exactly reached", async () => {
    await putAll(["1", "2"].map((sk) => ({ pk: "exact", sk })));
    const first = await query({ ...inPartition("exact"), Limit: 2 });
    expect(first.LastEvaluatedKey).toEqual({ pk: "exact", sk: "2" });
    const second = await query({ ...inPartition("exact"), Limit: 2, ExclusiveStartKey: first.LastEvaluatedKey });
    expect([second.Items, second.LastEvaluatedKey]).toEqual([[], undefined]);
  });

  it("ends a page at 1 MB", async () => {
    for (let n = 0; n < 8; n++) await put({ pk: "large", sk: String(n), text: "x".repeat(300_000) });
    const { Items, LastEvaluatedKey } = await query(inPartition("large"));
    expect([3, 4]).toContain(Items?.length);
    expect(LastEvaluatedKey).toEqual({ pk: "large", sk: Items?.at(-1)?.sk });
    expect((await allPages(inPartition("large"))).items).toHaveLength(8);
  });

  it("filters after the limit, counting scanned items", async () => {
    await putAll([1, 2, 3, 4].map((n) => ({ pk: "filter", sk: String(n), n })));
    const page = await query({
      ...inPartition("filter"),
      FilterExpression: "n > :two",
      ExpressionAttributeValues: { ":pk": "filter", ":two": 2 },
      Limit: 3,
    });
    expect([sortKeys(page.Items), page.Count, page.ScannedCount]).toEqual([["3"], 1, 3]);
    expect(page.LastEvaluatedKey).toEqual({ pk: "filter", sk: "3" });
  });

  it("counts without items, and projects", async () => {
    await putAll([1, 2].map((n) => ({ pk: "count", sk: String(n), n, other: true })));
    const counted = await query({ ...inPartition("count"), Select: "COUNT" });
    expect([counted.Count, counted.Items]).toEqual([2, undefined]);
    const { Items } = await query({ ...inPartition("count"), ProjectionExpression: "n" });
    expect(Items).toEqual([{ n: 1 }, { n: 2 }]);
  });

  it("refuses a condition on no key, a filter on a key, and a start key outside the partition", async () => {
    const values = { ":pk": "a", ":x": "x" };
    const requests: Query[] = [
      { KeyConditionExpression: "sk = :x", ExpressionAttributeValues: { ":x": "x" } },
      { KeyConditionExpression: "pk = :pk AND other = :x", ExpressionAttributeValues: values },
      { KeyConditionExpression: "pk > :pk", ExpressionAttributeValues: { ":pk": "a" } },
      { KeyConditionExpression: "pk = :pk", FilterExpression: "sk = :x", ExpressionAttributeValues: values },
      { KeyConditionExpression: "pk = :pk", ExpressionAttributeValues: { ":pk": 1 } },
      { ...inPartition("a"), ExclusiveStartKey: { pk: "b", sk: "1" } },
      { ...inPartition("a"), IndexName: "gsi9" },
    ];
    for (const request of requests) await expect(query(request)).rejects.toMatchObject({ name: "ValidationException" });
  });
});

describe("queries of an index", () => {
  it("finds items by the index's keys, many under the same ones, in pages", async () => {
    const items = Array.from({ length: 30 }, (_, n) => ({
      pk: `many${n}`,
      sk: "1",
      gsi1pk: "same",
      gsi1sk: String(n % 2),
    }));
    await putAll(items);
    await indexed("same", 30);
    const { items: found, pages } = await allPages({ ...inIndex("same"), Limit: 4 });
    expect(new Set(found.map(({ pk }) => pk)).size).toBe(30);
    expect(found.map(({ gsi1sk }) => gsi1sk).join("")).toBe("0".repeat(15) + "1".repeat(15));
    expect(pages).toBe(8);
  });

  it("keeps 5,000 items apart that share the index's keys", async () => {
    const items = Array.from({ length: 5_000 }, (_, n) => ({ pk: `p${n}`, sk: "1", gsi2pk: "crowd", gsi2sk: "x" }));
    await putAll(items);
    const crowd: Query = {
      IndexName: "gsi2",
      KeyConditionExpression: "gsi2pk = :pk",
      ExpressionAttributeValues: { ":pk": "crowd" },
      Select: "COUNT",
    };
    const count = async () => {
      let total = 0;
      let ExclusiveStartKey: Row | undefined;
      do {
        const page = await query({ ...crowd, ExclusiveStartKey });
        total += page.Count ?? 0;
        ExclusiveStartKey = page.LastEvaluatedKey;
      } while (ExclusiveStartKey);
      return total;
    };
    expect(await eventually(count, (total) => total === 5_000)).toBe(5_000);
  });

  it("holds only items that have both of its keys, and follows them when they change", async () => {
    const find = async (gsi1pk: string) => (await query(inIndex(gsi1pk))).Items;
    await put({ pk: "sparse", sk: "1", gsi1pk: "first", gsi1sk: "x" });
    await put({ pk: "sparse", sk: "2", gsi1pk: "first" });
    expect((await indexed("first", 1)).items).toHaveLength(1);
    const change = (UpdateExpression: string, ExpressionAttributeValues?: Row) =>
      target.documents.send(
        new UpdateCommand({ TableName, Key: { pk: "sparse", sk: "1" }, UpdateExpression, ExpressionAttributeValues }),
      );
    await change("SET gsi1pk = :second, n = :n", { ":second": "second", ":n": 1 });
    expect((await indexed("second", 1)).items).toEqual([
      { pk: "sparse", sk: "1", gsi1pk: "second", gsi1sk: "x", n: 1 },
    ]);
    expect(
      await eventually(
        () => find("first"),
        (items) => items?.length === 0,
      ),
    ).toEqual([]);
    await change("REMOVE gsi1pk");
    expect(
      await eventually(
        () => find("second"),
        (items) => items?.length === 0,
      ),
    ).toEqual([]);
  });

  it("continues from a key of the index and of the table, backwards too", async () => {
    await putAll(["1", "2", "3"].map((sk) => ({ pk: "back", sk, gsi1pk: "back", gsi1sk: sk })));
    await indexed("back", 3);
    const first = await query({ ...inIndex("back"), Limit: 1, ScanIndexForward: false });
    expect(first.LastEvaluatedKey).toEqual({ pk: "back", sk: "3", gsi1pk: "back", gsi1sk: "3" });
    const rest = await query({
      ...inIndex("back"),
      ScanIndexForward: false,
      ExclusiveStartKey: first.LastEvaluatedKey,
    });
    expect(sortKeys(rest.Items)).toEqual(["2", "1"]);
  });

  it("refuses a consistent read", async () => {
    await expect(query({ ...inIndex("x"), ConsistentRead: true })).rejects.toMatchObject({
      name: "ValidationException",
      message: "Consistent reads are not supported on global secondary indexes",
    });
  });
});

describe("scans", () => {
  it("returns every item once over all segments", async () => {
    await putAll(Array.from({ length: 40 }, (_, n) => ({ pk: `scan${n}`, sk: "1", scanned: true })));
    const seen: unknown[] = [];
    for (const Segment of [0, 1, 2]) {
      let ExclusiveStartKey: Row | undefined;
      do {
        const page = await target.documents.send(
          new ScanCommand({
            TableName,
            Segment,
            TotalSegments: 3,
            ExclusiveStartKey,
            ConsistentRead: true,
            FilterExpression: "scanned = :yes",
            ExpressionAttributeValues: { ":yes": true },
          }),
        );
        seen.push(...(page.Items ?? []).map(({ pk }) => pk));
        ExclusiveStartKey = page.LastEvaluatedKey;
      } while (ExclusiveStartKey);
    }
    expect([seen.length, new Set(seen).size]).toEqual([40, 40]);
  });
});
