/** Measures the cost of `REDLINE_DURABLE=on`: alternating table writes with and without it, on the temporary folder's disk. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { startCloud } from "@redline/local/cloud";
import { ensureTable } from "@redline/local/provision";
import { dynamoDbClient } from "../support/cloud";
import { atLeast, atMost, type Figure, median, rounded } from "./figure";

const TABLE = "durable";
const ROUNDS = 5;
const WRITES = 200;
const WRITERS = 32;
const ITEM_CHARACTERS = 1_000;

export async function run(): Promise<Figure[]> {
  const [fast, durable] = [await open(false), await open(true)];
  const rounds: { alone: number[]; together: number }[][] = [];
  for (const { client } of [fast, durable]) await measure(client);
  for (let round = 0; round < ROUNDS; round++) rounds.push([await measure(fast.client), await measure(durable.client)]);
  await fast.close();
  await durable.close();
  const alone = (which: number) => percentile95(rounds.flatMap((round) => round[which]?.alone ?? []));
  const together = (which: number) => median(rounds.map((round) => round[which]?.together ?? 0));
  const latency = (name: string, value: number) =>
    atMost({ bench: "durable", name, value: rounded(value), unit: "ms", goal: 100 });
  return [
    latency("a write alone, p95, without waiting for the disk", alone(0)),
    latency("a write alone, p95, REDLINE_DURABLE=on", alone(1)),
    atLeast({
      bench: "durable",
      name: `writes a second of ${WRITERS} writers (${rounded(together(1), 0)} against ${rounded(together(0), 0)})`,
      value: rounded(median(rounds.map(([off, on]) => (on?.together ?? 0) / (off?.together ?? 1)))),
      unit: "",
      goal: 0.25,
      ratio_to: "the same without waiting",
    }),
  ];
}

async function open(isDurable: boolean) {
  const dataDir = mkdtempSync(join(tmpdir(), "redline-durable-"));
  const cloud = await startCloud({ dataDir, storage: { isDurable } });
  const client = dynamoDbClient(cloud.endpoints.dynamodb);
  await ensureTable(client, TABLE);
  return {
    client,
    async close() {
      client.destroy();
      await cloud.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** The milliseconds of writes that follow each other, and how many a second there are of writers at the same time. */
async function measure(client: DynamoDBClient): Promise<{ alone: number[]; together: number }> {
  const put = async (name: string) => {
    const startedAt = performance.now();
    const Item = { pk: { S: name }, sk: { S: "item" }, text: { S: "x".repeat(ITEM_CHARACTERS) } };
    await client.send(new PutItemCommand({ TableName: TABLE, Item }));
    return performance.now() - startedAt;
  };
  const alone: number[] = [];
  for (let write = 0; write < WRITES; write++) alone.push(await put("alone"));
  const startedAt = performance.now();
  const writers = Array.from({ length: WRITERS }, async (_, writer) => {
    for (let write = 0; write < WRITES / 4; write++) await put(`writer ${writer}`);
  });
  await Promise.all(writers);
  const seconds = (performance.now() - startedAt) / 1_000;
  return { alone, together: (WRITERS * WRITES) / 4 / seconds };
}

const percentile95 = (values: number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length * 0.95)] ?? 0;
