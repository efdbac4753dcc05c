/**
 * F8 for DynamoDB: the cloud is killed with SIGKILL at random moments while writers write, and started again on the same
 * data. What was acknowledged is there; an index row or a stream record without its item is not.
 *
 * A few rounds in a normal run, 20 with `REDLINE_LONG=1`.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TransactionCanceledException } from "@aws-sdk/client-dynamodb";
import {
  DeleteCommand,
  DynamoDBDocumentClient,
  PutCommand,
  QueryCommand,
  type QueryCommandInput,
  TransactWriteCommand,
  UpdateCommand,
} from "@aws-sdk/lib-dynamodb";
import { ensureTable } from "@redline/local/provision";
import { afterAll, describe, expect, it } from "vitest";
import { type ChildCloud, dynamoDbClient, internal, startChildCloud } from "../support/cloud";
import { onAws } from "../support/conformance";
import { testSeed } from "../support/seed";

const ROUNDS = process.env.REDLINE_LONG ? 20 : 4;
const ROUND_TIMEOUT_MS = 60_000;
const WRITERS = 12;
const ACCOUNTS = 10;
const START_BALANCE = 1_000;
const TableName = "kill9";

type Row = Record<string, unknown>;

/** Mulberry32, so that a failure can be played again with the printed seed. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

describe.skipIf(onAws)("kill -9 of the laptop's cloud under load", () => {
  const dataDir = mkdtempSync(join(tmpdir(), "redline-kill9-"));
  let cloud: ChildCloud | undefined;
  afterAll(async () => {
    await cloud?.kill();
    rmSync(dataDir, { recursive: true, force: true });
  });

  /**
   * The oldest acceptable state of each item, by sort key: a writer owns its items, so only its last write can be in
   * doubt.
   */
  const acknowledged = new Map<string, { n: number; deleted: boolean }>();
  const inDoubt = new Map<string, { n: number; deleted: boolean }>();
  let transfersAcknowledged = 0;
  let transfersTried = 0;

  async function writeUntilKilled(documents: DynamoDBDocumentClient, writer: string, random: () => number) {
    for (let n = 1; ; n++) {
      const sk = `${writer}-${Math.floor(random() * 8)}`;
      const deleted = random() < 0.15;
      inDoubt.set(sk, { n, deleted });
      const Key = { pk: "load", sk };
      try {
        if (deleted) await documents.send(new DeleteCommand({ TableName, Key }));
        else if (random() < 0.5) {
          const Item = { ...Key, n, gsi1pk: "load", gsi1sk: sk, gsi2pk: `n${n % 3}`, gsi2sk: sk };
          await documents.send(new PutCommand({ TableName, Item }));
        } else
          await documents.send(
            new UpdateCommand({
              TableName,
              Key,
              UpdateExpression: "SET n = :n, gsi1pk = :load, gsi1sk = :sk, gsi2pk = :third, gsi2sk = :sk",
              ExpressionAttributeValues: { ":n": n, ":load": "load", ":sk": sk, ":third": `n${n % 3}` },
            }),
          );
      } catch {
        return;
      }
      acknowledged.set(sk, { n, deleted });
      inDoubt.delete(sk);
    }
  }

  async function transferUntilKilled(documents: DynamoDBDocumentClient, random: () => number) {
    for (;;) {
      const from = Math.floor(random() * ACCOUNTS);
      const to = (from + 1 + Math.floor(random() * (ACCOUNTS - 1))) % ACCOUNTS;
      const change = (account: number, n: number) => ({
        Update: {
          TableName,
          Key: { pk: "bank", sk: String(account) },
          UpdateExpression: "ADD n :n",
          ExpressionAttributeValues: { ":n": n },
        },
      });
      transfersTried++;
      const receipt = {
        Put: {
          TableName,
          Item: { pk: "receipts", sk: String(transfersTried), gsi1pk: "receipts", gsi1sk: String(transfersTried) },
        },
      };
      try {
        await documents.send(new TransactWriteCommand({ TransactItems: [change(from, -7), change(to, 7), receipt] }));
        transfersAcknowledged++;
      } catch (error) {
        if (!(error instanceof TransactionCanceledException)) return;
      }
    }
  }

  async function all(documents: DynamoDBDocumentClient, input: Omit<QueryCommandInput, "TableName">): Promise<Row[]> {
    const items: Row[] = [];
    let ExclusiveStartKey: Row | undefined;
    do {
      const page = await documents.send(new QueryCommand({ TableName, ExclusiveStartKey, ...input }));
      items.push(...(page.Items ?? []));
      ExclusiveStartKey = page.LastEvaluatedKey;
    } while (ExclusiveStartKey);
    return items;
  }
  const partition = (documents: DynamoDBDocumentClient, pk: string) =>
    all(documents, {
      KeyConditionExpression: "pk = :pk",
      ExpressionAttributeValues: { ":pk": pk },
      ConsistentRead: true,
    });
  const index = (documents: DynamoDBDocumentClient, IndexName: string, pk: string) =>
    all(documents, {
      IndexName,
      KeyConditionExpression: `${IndexName}pk = :pk`,
      ExpressionAttributeValues: { ":pk": pk },
    });

  /** The items as the stream tells them: the last image of each. */
  async function replayed(endpoint: string): Promise<Map<string, Row | undefined>> {
    const items = new Map<string, Row | undefined>();
    for (let after = 0; ; ) {
      const { records, next } = await internal<{
        records: { dynamodb: { Keys: Row; NewImage?: Row } }[];
        next: number;
      }>(endpoint, "GET", `/_redline/stream?after=${after}&limit=1000`);
      if (records.length === 0) return items;
      for (const { dynamodb } of records) items.set(JSON.stringify(dynamodb.Keys), dynamodb.NewImage);
      after = next;
    }
  }

  it(`the cloud loses no acknowledged write and invents none in ${ROUNDS} rounds`, {
    timeout: ROUNDS * ROUND_TIMEOUT_MS,
  }, async () => {
    const seed = testSeed(1_204_119);
    const random = seeded(seed);
    for (let round = 0; round <= ROUNDS; round++) {
      cloud = await startChildCloud(dataDir);
      const endpoint = cloud.endpoints.dynamodb;
      const client = dynamoDbClient(endpoint, { maxAttempts: 1 });
      const documents = DynamoDBDocumentClient.from(client);
      await ensureTable(client, TableName);
      if (round === 0)
        for (let account = 0; account < ACCOUNTS; account++)
          await documents.send(
            new PutCommand({ TableName, Item: { pk: "bank", sk: String(account), n: START_BALANCE } }),
          );

      const items = await partition(documents, "load");
      const bySortKey = new Map(items.map((item) => [String(item.sk), item]));
      const lost: string[] = [];
      for (const [sk, { n, deleted }] of acknowledged) {
        const found = bySortKey.get(sk);
        const doubt = inDoubt.get(sk);
        const asAcknowledged = deleted ? found === undefined : found?.n === n;
        const asInDoubt = doubt !== undefined && (doubt.deleted ? found === undefined : found?.n === doubt.n);
        if (!asAcknowledged && !asInDoubt) lost.push(sk);
      }
      const bank = await partition(documents, "bank");
      const receipts = await partition(documents, "receipts");
      const sum = bank.reduce((total, { n }) => total + Number(n), 0);
      const inOrder = (rows: Row[]) => rows.map((row) => JSON.stringify(row)).sort();
      const gsi2 = (await Promise.all(["n0", "n1", "n2"].map((pk) => index(documents, "gsi2", pk)))).flat();
      const told = await replayed(endpoint);
      const toldItems = [...told.values()].filter((image) => image !== undefined).length;
      expect({
        seed,
        round,
        lost,
        sum,
        toldItems,
        receiptsKept: receipts.length >= transfersAcknowledged && receipts.length <= transfersTried,
      }).toEqual({
        seed,
        round,
        lost: [],
        sum: ACCOUNTS * START_BALANCE,
        toldItems: items.length + bank.length + receipts.length,
        receiptsKept: true,
      });
      expect(inOrder(await index(documents, "gsi1", "load"))).toEqual(inOrder(items));
      expect(inOrder(gsi2)).toEqual(inOrder(items));
      expect(inOrder(await index(documents, "gsi1", "receipts"))).toEqual(inOrder(receipts));
      for (const item of items)
        expect(told.get(JSON.stringify({ pk: { S: "load" }, sk: { S: item.sk } }))).toMatchObject({
          n: { N: String(item.n) },
        });

      if (round < ROUNDS) {
        // From here on, the present state counts for the writes that were in doubt.
        acknowledged.clear();
        inDoubt.clear();
        for (const [sk, { n }] of bySortKey) acknowledged.set(sk, { n: Number(n), deleted: false });
        transfersAcknowledged = receipts.length;
        const writers = Array.from({ length: WRITERS }, (_, writer) =>
          writeUntilKilled(documents, `r${round}w${writer}`, random),
        );
        const transfers = Array.from({ length: 4 }, () => transferUntilKilled(documents, random));
        await new Promise((resolve) => setTimeout(resolve, 200 + random() * 600));
        await cloud.kill();
        await Promise.all([...writers, ...transfers]);
      }
      client.destroy();
    }
  });
});
