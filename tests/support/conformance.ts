/**
 * What the conformance suites speak to: the laptop's cloud, or with `REDLINE_CONFORMANCE=aws` the account and region that
 * the environment's credentials lead to. The SDK clients have default settings in both.
 */
import { randomUUID } from "node:crypto";
import { DeleteTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBStreamsClient } from "@aws-sdk/client-dynamodb-streams";
import { DynamoDBDocumentClient, GetCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import { ensureTable } from "@redline/local/provision";
import { startTestCloud, streamsClient, type TestCloud } from "./cloud";

export const onAws = process.env.REDLINE_CONFORMANCE === "aws";

export interface DynamoDbTarget {
  client: DynamoDBClient;
  /** The same with plain JavaScript values. */
  documents: DynamoDBDocumentClient;
  streams: DynamoDBStreamsClient;
  /** A table with the product's keys, indexes, expiry and stream. */
  tableName: string;
  put(item: Record<string, unknown>): Promise<unknown>;
  /** Reads consistently. */
  get(pk: string, sk: string): Promise<Record<string, unknown> | undefined>;
  /** Only on the laptop. */
  cloud?: TestCloud;
  close(): Promise<void>;
}

export async function startDynamoDbTarget(options: { sweepMs?: number } = {}): Promise<DynamoDbTarget> {
  const cloud = onAws ? undefined : await startTestCloud(options);
  const client = cloud?.dynamodb ?? new DynamoDBClient({});
  const streams = cloud ? streamsClient(cloud.endpoints.dynamodb) : new DynamoDBStreamsClient({});
  const tableName = `redline-conformance-${randomUUID()}`;
  await ensureTable(client, tableName);
  const documents = DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
  return {
    client,
    documents,
    streams,
    tableName,
    cloud,
    put: (Item) => documents.send(new PutCommand({ TableName: tableName, Item })),
    async get(pk, sk) {
      const request = new GetCommand({ TableName: tableName, Key: { pk, sk }, ConsistentRead: true });
      return (await documents.send(request)).Item;
    },
    async close() {
      streams.destroy();
      if (cloud) return cloud.close();
      await client.send(new DeleteTableCommand({ TableName: tableName }));
      client.destroy();
    },
  };
}

/** Asks until the answer is right, as one must on a cloud whose indexes and streams come later. */
export async function eventually<T>(
  ask: () => Promise<T>,
  right: (answer: T) => boolean,
  withinMs = 20_000,
): Promise<T> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const answer = await ask();
    if (right(answer) || Date.now() > deadline) return answer;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
