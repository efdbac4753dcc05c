import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { openStore, type Store } from "../store";
import type { Item, Table } from "./model";
import { StreamLog } from "./streams";

const HOUR_MS = 3_600_000;

let dataDir: string;
let store: Store;
let log: StreamLog;
beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), "redline-streams-"));
  store = await openStore(dataDir);
  log = await StreamLog.load(store);
});
afterEach(async () => {
  await store.close();
  rmSync(dataDir, { recursive: true, force: true });
});

const table = (TableName: string): Table => ({
  description: {
    TableName,
    TableArn: "arn",
    TableId: "id",
    TableStatus: "ACTIVE",
    CreationDateTime: 0,
    KeySchema: [{ AttributeName: "pk", KeyType: "HASH" }],
    AttributeDefinitions: [{ AttributeName: "pk", AttributeType: "S" }],
    StreamSpecification: { StreamEnabled: true },
    LatestStreamArn: `arn/${TableName}`,
  },
});
const item = (pk: string): Item => ({ pk: { S: pk } });

async function write(pk: string, tableName = "t", attributes: Item = {}): Promise<void> {
  const operations = log.operations([{ table: table(tableName), after: { ...item(pk), ...attributes } }]);
  const last = log.lastAssigned;
  await store.batch(operations);
  log.committed(last);
}
const keysAfter = async (after: number) => (await log.read(after, 100)).records.map(({ keys }) => keys.pk?.S);

it("shows a record only once its write is committed", async () => {
  const operations = log.operations([{ table: table("t"), after: item("a") }]);
  expect([await keysAfter(0), log.latest]).toEqual([[], 0]);
  await store.batch(operations);
  log.committed(log.lastAssigned);
  expect([await keysAfter(0), log.latest]).toEqual([["a"], 1]);
});

it("continues its numbers after a restart, also when every record is gone", async () => {
  await write("a");
  await write("b");
  await log.acknowledge("workers", 2);
  expect(await log.trim(Date.now() + 2 * HOUR_MS)).toBe(2);
  log = await StreamLog.load(store);
  await write("c");
  expect(log.latest).toBe(3);
  expect(await keysAfter(2)).toEqual(["c"]);
});

it("skips the records of other tables", async () => {
  await write("a", "one");
  await write("b", "two");
  expect(await log.read(0, 100, { tableName: "one" })).toMatchObject({
    records: [{ tableName: "one" }],
    lookedUpTo: 2,
  });
});

it("looks past the records of items without the attribute that a reader asks for", async () => {
  await write("plain");
  await write("announcing", "t", { outboxId: { S: "job" } });
  await write("plain too");
  const { records, lookedUpTo } = await log.read(0, 100, { having: "outboxId" });
  expect([records.map(({ keys }) => keys.pk?.S), lookedUpTo]).toEqual([["announcing"], 3]);
});

it("keeps acknowledged records for an hour, and others until they are acknowledged", async () => {
  for (const pk of ["a", "b", "c"]) await write(pk);
  await log.acknowledge("workers", 2);
  expect(await log.trim()).toBe(0);
  expect(await log.trim(Date.now() + 100 * HOUR_MS)).toBe(2);
  expect(await keysAfter(0)).toEqual(["c"]);
});

it("waits for the slowest consumer", async () => {
  for (const pk of ["a", "b", "c"]) await write(pk);
  await log.acknowledge("fast", 3);
  await log.acknowledge("slow", 1);
  expect(await log.trim(Date.now() + 2 * HOUR_MS)).toBe(1);
  expect(await keysAfter(0)).toEqual(["b", "c"]);
});

it("keeps records that nobody follows for a day", async () => {
  await write("a");
  expect(await log.trim(Date.now() + 23 * HOUR_MS)).toBe(0);
  expect(await log.trim(Date.now() + 25 * HOUR_MS)).toBe(1);
});
