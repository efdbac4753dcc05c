import {
  BatchWriteItemCommand,
  DeleteItemCommand,
  DescribeTableCommand,
  PutItemCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import {
  DescribeStreamCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  type GetShardIteratorCommandInput,
  ListStreamsCommand,
  type _Record as StreamRecord,
} from "@aws-sdk/client-dynamodb-streams";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { internal } from "../support/cloud";
import { type DynamoDbTarget, eventually, onAws, startDynamoDbTarget } from "../support/conformance";

let target: DynamoDbTarget;
let TableName: string;
let StreamArn: string;
beforeAll(async () => {
  target = await startDynamoDbTarget({ sweepMs: 50 });
  TableName = target.tableName;
  const { Table } = await target.client.send(new DescribeTableCommand({ TableName }));
  StreamArn = Table?.LatestStreamArn ?? "";
});
afterAll(() => target.close());

const put = (pk: string, sk: string, n?: number) => {
  const Item = { pk: { S: pk }, sk: { S: sk }, ...(n === undefined ? {} : { n: { N: String(n) } }) };
  return target.client.send(new PutItemCommand({ TableName, Item }));
};

/** An iterator on the table's one shard. */
async function iterator(start: Pick<GetShardIteratorCommandInput, "ShardIteratorType" | "SequenceNumber">) {
  const { StreamDescription } = await target.streams.send(new DescribeStreamCommand({ StreamArn }));
  const ShardId = StreamDescription?.Shards?.at(-1)?.ShardId;
  const { ShardIterator } = await target.streams.send(new GetShardIteratorCommand({ StreamArn, ShardId, ...start }));
  return ShardIterator;
}

/** Returns the stream's records of one partition, once there are `count` of them. */
async function recordsOf(pk: string, count: number): Promise<StreamRecord[]> {
  let ShardIterator = await iterator({ ShardIteratorType: "TRIM_HORIZON" });
  const found: StreamRecord[] = [];
  await eventually(
    async () => {
      const page = await target.streams.send(new GetRecordsCommand({ ShardIterator }));
      ShardIterator = page.NextShardIterator;
      found.push(...(page.Records ?? []).filter(({ dynamodb }) => dynamodb?.Keys?.pk?.S === pk));
      return found.length;
    },
    (length) => length >= count,
  );
  return found;
}

describe("a table's stream", () => {
  it("is listed and described", async () => {
    const { Streams } = await target.streams.send(new ListStreamsCommand({ TableName }));
    expect(Streams).toEqual([{ TableName, StreamArn, StreamLabel: expect.any(String) }]);
    const { StreamDescription } = await target.streams.send(new DescribeStreamCommand({ StreamArn }));
    expect(StreamDescription).toMatchObject({
      StreamStatus: "ENABLED",
      StreamViewType: "NEW_AND_OLD_IMAGES",
      Shards: [{ ShardId: expect.any(String) }],
    });
  });

  it("reports a put, an update and a delete in order, with both images", async () => {
    const Key = { pk: { S: "story" }, sk: { S: "1" } };
    await put("story", "1", 1);
    await target.client.send(
      new UpdateItemCommand({
        TableName,
        Key,
        UpdateExpression: "ADD n :one",
        ExpressionAttributeValues: { ":one": { N: "1" } },
      }),
    );
    await target.client.send(new DeleteItemCommand({ TableName, Key }));
    const records = await recordsOf("story", 3);
    expect(records.map(({ eventName }) => eventName)).toEqual(["INSERT", "MODIFY", "REMOVE"]);
    const first = { ...Key, n: { N: "1" } };
    const second = { ...Key, n: { N: "2" } };
    expect(records.map(({ dynamodb }) => [dynamodb?.OldImage, dynamodb?.NewImage])).toEqual([
      [undefined, first],
      [first, second],
      [second, undefined],
    ]);
    expect(records[0]).toMatchObject({
      eventSource: "aws:dynamodb",
      eventVersion: "1.1",
      dynamodb: { Keys: Key, StreamViewType: "NEW_AND_OLD_IMAGES", SequenceNumber: expect.stringMatching(/^\d{21,}$/) },
    });
    expect(records[0]?.dynamodb?.ApproximateCreationDateTime).toBeInstanceOf(Date);
    const numbers = records.map(({ dynamodb }) => BigInt(dynamodb?.SequenceNumber ?? 0));
    expect([...numbers].sort((a, b) => (a < b ? -1 : 1))).toEqual(numbers);
  });

  it("reports every write of a transaction and of a batch, and none that was cancelled", async () => {
    const entry = (pk: string, sk: string) => ({ TableName, Item: { pk: { S: pk }, sk: { S: sk } } });
    await target.client.send(
      new TransactWriteItemsCommand({ TransactItems: [{ Put: entry("group", "1") }, { Put: entry("group", "2") }] }),
    );
    const conditional = { ...entry("group", "1"), ConditionExpression: "attribute_not_exists(pk)" };
    const cancelled = target.client.send(
      new TransactWriteItemsCommand({ TransactItems: [{ Put: entry("group", "3") }, { Put: conditional }] }),
    );
    await expect(cancelled).rejects.toMatchObject({ name: "TransactionCanceledException" });
    const { Item } = entry("group", "4");
    await target.client.send(new BatchWriteItemCommand({ RequestItems: { [TableName]: [{ PutRequest: { Item } }] } }));
    const records = await recordsOf("group", 3);
    expect(records.map(({ dynamodb }) => dynamodb?.Keys?.sk?.S).sort()).toEqual(["1", "2", "4"]);
  });

  it("reports no write that changes nothing", async () => {
    await put("same", "1", 1);
    await put("same", "1", 1);
    await target.client.send(new DeleteItemCommand({ TableName, Key: { pk: { S: "same" }, sk: { S: "absent" } } }));
    await put("same", "1", 2);
    const records = await recordsOf("same", 2);
    expect(records.map(({ dynamodb }) => dynamodb?.NewImage?.n?.N)).toEqual(["1", "2"]);
  });

  it("is read on from its end, or from behind a record", async () => {
    await put("position", "1");
    const latest = await iterator({ ShardIteratorType: "LATEST" });
    await put("position", "2");
    const fromEnd = await eventually(
      async () => (await target.streams.send(new GetRecordsCommand({ ShardIterator: latest }))).Records ?? [],
      (records) => records.length > 0,
    );
    expect(fromEnd.map(({ dynamodb }) => dynamodb?.Keys?.sk?.S)).toEqual(["2"]);
    const [first] = await recordsOf("position", 2);
    const behind = await iterator({
      ShardIteratorType: "AFTER_SEQUENCE_NUMBER",
      SequenceNumber: first?.dynamodb?.SequenceNumber,
    });
    const { Records } = await target.streams.send(new GetRecordsCommand({ ShardIterator: behind, Limit: 1 }));
    expect(Records?.map(({ dynamodb }) => dynamodb?.Keys?.sk?.S)).toEqual(["2"]);
  });
});

describe.skipIf(onAws)("the laptop's endpoint to follow the streams", () => {
  interface Page {
    records: {
      eventName: string;
      eventSourceARN: string;
      userIdentity?: object;
      dynamodb: { Keys: { sk: { S: string } } };
    }[];
    next: number;
  }
  const endpoint = () => target.cloud?.endpoints.dynamodb ?? "";
  const read = (parameters: Record<string, string | number>) =>
    internal<Page>(
      endpoint(),
      "GET",
      `/_redline/stream?${new URLSearchParams(Object.entries({ table: TableName, ...parameters }).map(([k, v]) => [k, String(v)]))}`,
    );
  const ack = (consumer: string, sequence: number) =>
    internal(endpoint(), "POST", "/_redline/stream/ack", { consumer, sequence });
  /** The number of the last record there is. */
  const end = async () => {
    let next = 0;
    for (;;) {
      const page = await read({ after: next, limit: 1000 });
      if (page.records.length === 0) return page.next;
      next = page.next;
    }
  };

  it("wakes a waiting reader with the record of a write", async () => {
    const waiting = read({ after: await end(), waitMs: 10_000 });
    await put("wake", "1");
    const { records } = await waiting;
    expect(records).toMatchObject([
      { eventName: "INSERT", eventSourceARN: StreamArn, dynamodb: { Keys: { pk: { S: "wake" }, sk: { S: "1" } } } },
    ]);
  });

  it("returns nothing when the time is up", async () => {
    const after = await end();
    expect(await read({ after, waitMs: 20 })).toEqual({ records: [], next: after });
  });

  it("redelivers unacknowledged records to a consumer, and never goes back", async () => {
    await ack("again", await end());
    await put("again", "1");
    await put("again", "2");
    const first = await read({ consumer: "again", limit: 1 });
    const same = await read({ consumer: "again", limit: 1 });
    expect(same).toEqual(first);
    await ack("again", first.next);
    await ack("again", 0);
    const second = await read({ consumer: "again" });
    expect(second.records.map(({ dynamodb }) => dynamodb.Keys.sk.S)).toEqual(["2"]);
  });

  it("marks the removal of an expired item as the service's own", async () => {
    const after = await end();
    const second = Math.floor(Date.now() / 1000) - 5;
    const Item = { pk: { S: "expired" }, sk: { S: "1" }, ttl: { N: String(second) } };
    await target.client.send(new PutItemCommand({ TableName, Item }));
    const removal = await eventually(
      async () => (await read({ after })).records.find(({ eventName }) => eventName === "REMOVE"),
      (record) => record !== undefined,
    );
    expect(removal?.userIdentity).toEqual({ type: "Service", principalId: "dynamodb.amazonaws.com" });
  });

  it("duplicates and reorders records when configured to, each item's still in order", async () => {
    const after = await end();
    for (let n = 0; n < 5; n++) for (const sk of ["a", "b", "c"]) await put("shuffled", sk, n);
    const rule = (kind: "duplicate" | "reorder", probability: number) => ({ kind, probability, operation: "Stream" });
    target.cloud?.setFaults({ seed: 7, rules: [rule("duplicate", 0.5), rule("reorder", 1)] });
    const { records } = await read({ after });
    target.cloud?.setFaults(undefined);
    expect(records.length).toBeGreaterThan(15);
    const order = records.map(({ dynamodb }) => dynamodb.Keys.sk.S).join("");
    expect(order).not.toMatch(/^a+b+c+a+b+c+/);
    for (const sk of ["a", "b", "c"]) {
      const images = records.filter(({ dynamodb }) => dynamodb.Keys.sk.S === sk) as unknown as {
        dynamodb: { NewImage: { n: { N: string } } };
      }[];
      const numbers = images.map(({ dynamodb }) => dynamodb.NewImage.n.N);
      expect([...new Set(numbers)]).toEqual(["0", "1", "2", "3", "4"]);
      expect([...numbers].sort()).toEqual(numbers);
    }
  });
});
