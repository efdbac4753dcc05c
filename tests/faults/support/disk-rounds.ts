/**
 * Rounds of a failing disk under the laptop's cloud, many in one process, which was started with `disk-faults.c`
 * preloaded: `disk-rounds.ts FOLDER CONTROL ROUNDS SEED`. Prints `{"rounds":…}` with what was seen, or fails.
 *
 * A round: the disk begins to fail at a random call, clients of DynamoDB, S3 and SQS go on writing, the disk is well
 * again; then the living cloud or, every other round, one that is started on a copy as kill -9 would leave it, is
 * compared with what was acknowledged. Every fifth round the disk fails while the cloud starts.
 */
import { strict as assert } from "node:assert";
import { createHash, randomBytes } from "node:crypto";
import { cpSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type DynamoDBClient, GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { type Cloud, startCloud } from "@redline/local/cloud";
import { cloudKey } from "@redline/local/folder-secrets";
import { ensureTable } from "@redline/local/provision";
import { StorageUnavailable } from "@redline/local/store/storage-unavailable";
import { dynamoDbClient, localClient } from "../../support/cloud";
import { type CallKind, DiskControl, type DiskError, type DiskFault } from "./disk-faults";

const [folder = "", controlPath = "", rounds = "1", seed = "1"] = process.argv.slice(2);
const control = new DiskControl(controlPath);
const living = join(folder, "data");
const copy = join(folder, "copy");
const TABLE = "faults";
const BUCKET = "faults";
const KEYS = 3;

/** The name of each kind of trouble in the sentence for people. */
const NAMED: Record<DiskError, RegExp> = {
  ENOSPC: /The disk that holds Redline's data \(.+\) is full\./,
  EDQUOT: /The disk that holds Redline's data \(.+\) is full\./,
  EROFS: /Redline's data folder \(.+\) is read-only\./,
  EIO: /The disk that holds Redline's data \(.+\) fails to read or write\./,
};

/** Small and repeatable (mulberry32). */
let state = Number(seed);
function random(below: number): number {
  state = (state + 0x6d2b79f5) | 0;
  let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
}
const oneOf = <T>(choices: readonly T[]): T => choices[random(choices.length)] as T;

function randomFault(): DiskFault {
  const kinds = oneOf<CallKind[]>([
    ["write"],
    ["write"],
    ["sync"],
    ["create"],
    ["name"],
    ["write", "sync", "create", "name"],
  ]);
  return {
    error: oneOf<DiskError>(["ENOSPC", "ENOSPC", "EDQUOT", "EIO", "EROFS"]),
    kinds,
    after: random(12),
    lasting: random(3) > 0,
    shortBy: oneOf([0, 0, 1, 7, 30, 200, 5_000]),
  };
}

/** The values that each key may have: one, or more after a refusal that said it is in doubt. */
const expected = new Map<string, Set<string>>();
const counts = { rounds: 0, acknowledged: 0, refused: 0, inDoubt: 0, failedCalls: 0, failedStarts: 0, unreadable: 0 };

/** Faults of this round and the one before: LevelDB reports a failed background write at a later one. */
let faults: DiskFault[] = [];

function beginFault(): void {
  const fault = randomFault();
  faults = [...faults.slice(-1), fault];
  control.fail(fault);
}

function requireNamed(sentence: string): void {
  const named = faults.map(({ error }) => NAMED[error]);
  assert(
    named.some((words) => words.test(sentence)),
    `${sentence} after ${JSON.stringify(faults)}`,
  );
}

/** Runs one write and keeps the account of it. `value` is what its key holds once it is acknowledged. */
async function tracked(key: string, value: string, write: () => Promise<unknown>) {
  try {
    await write();
    counts.acknowledged++;
    expected.set(key, new Set([value]));
  } catch (refused) {
    assert(refused instanceof Error);
    assert.equal(refused.name, "StorageUnavailable", `${key}: ${refused.stack}`);
    requireNamed(refused.message);
    counts.refused++;
    if (!refused.message.includes("may or may not")) return;
    counts.inDoubt++;
    expected.set(key, new Set([...(expected.get(key) ?? ["none"]), value]));
  }
}

interface Clients {
  cloud: Cloud;
  dynamodb: DynamoDBClient;
  s3: S3Client;
  sqs: SQSClient;
  queueUrl: string;
  close(): Promise<void>;
}

async function connect(dataDir: string, isDurable = random(2) === 0): Promise<Clients> {
  const storage = { isDurable, recoverEveryMs: 20, say: () => undefined, waitMs: 0 };
  const cloud = await startCloud({ dataDir, storage });
  const once = { maxAttempts: 1 };
  const dynamodb = dynamoDbClient(cloud.endpoints.dynamodb, once);
  const s3 = new S3Client({ ...localClient(cloud.endpoints.s3), ...once, forcePathStyle: true });
  const sqs = new SQSClient({ ...localClient(cloud.endpoints.sqs), ...once });
  return {
    ...{ cloud, dynamodb, s3, sqs, queueUrl: `${cloud.endpoints.sqs}/000000000000/faults` },
    async close() {
      for (const client of [dynamodb, s3, sqs]) client.destroy();
      await cloud.close();
    },
  };
}

async function putItem({ dynamodb }: Clients, name: string): Promise<void> {
  const text = randomBytes(oneOf([10, 300, 300, 2_000, 2_000, 60_000])).toString("hex");
  const Item = { pk: { S: name }, sk: { S: "item" }, text: { S: text } };
  await tracked(`item ${name}`, digest(text), () => dynamodb.send(new PutItemCommand({ TableName: TABLE, Item })));
}

async function putObject({ s3 }: Clients, Key: string): Promise<void> {
  if (random(4) === 0) {
    await tracked(`object ${Key}`, "none", () => s3.send(new DeleteObjectCommand({ Bucket: BUCKET, Key })));
    return;
  }
  const Body = randomBytes(oneOf([1, 4_000, 60_000]));
  await tracked(`object ${Key}`, digest(Body), () => s3.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body })));
}

let messages = 0;
async function sendMessage({ sqs, queueUrl: QueueUrl }: Clients): Promise<void> {
  const MessageBody = `message ${++messages}`;
  await tracked(MessageBody, "there", () => sqs.send(new SendMessageCommand({ QueueUrl, MessageBody })));
}

async function takeMessage({ sqs, queueUrl: QueueUrl }: Clients): Promise<void> {
  const receive = new ReceiveMessageCommand({ QueueUrl, VisibilityTimeout: 0 });
  const { Messages = [] } = await sqs.send(receive).catch((refused) => {
    assert.equal(refused.name, "StorageUnavailable", refused.stack);
    return { Messages: [] };
  });
  for (const { Body = "", ReceiptHandle } of Messages)
    await tracked(Body, "none", () => sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle })));
}

async function writeAtOnce(clients: Clients): Promise<void> {
  const items = Array.from({ length: 3 }, (_, writer) => `${writer}-${random(KEYS)}`);
  await Promise.all([
    ...items.map((name) => putItem(clients, name)),
    putObject(clients, String(random(KEYS))),
    sendMessage(clients),
    takeMessage(clients),
  ]);
}

const digest = (content: string | Uint8Array) => createHash("sha256").update(content).digest("hex").slice(0, 16);

/** Compares everything with what was acknowledged, and takes what is found in place of what was in doubt. */
async function compare(clients: Clients, where: string, { drains = false } = {}): Promise<void> {
  const { s3, sqs, queueUrl: QueueUrl } = clients;
  const found = new Map<string, string>();
  for (const key of expected.keys()) {
    if (!key.startsWith("item ")) continue;
    found.set(key, await getItem(clients, key.slice("item ".length)));
  }
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: BUCKET }));
  for (const { Key } of Contents) {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: BUCKET, Key }));
    found.set(`object ${Key}`, digest((await Body?.transformToByteArray()) ?? new Uint8Array()));
  }
  while (drains) {
    const receive = new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 600 });
    const { Messages = [] } = await sqs.send(receive);
    if (Messages.length === 0) break;
    for (const { Body = "" } of Messages) found.set(Body, "there");
  }
  for (const key of new Set([...expected.keys(), ...found.keys()])) {
    if (!drains && !key.startsWith("item ") && !key.startsWith("object ")) continue;
    const value = found.get(key) ?? "none";
    const allowed = expected.get(key) ?? new Set(["none"]);
    assert(allowed.has(value), `${where}: ${key} is ${value}, acknowledged was ${[...allowed]}`);
    if (value === "none") expected.delete(key);
    else expected.set(key, new Set([value]));
  }
}

/** Never twice the same: what changes nothing is not written. */
let heartbeats = 0;
const heartbeat = ({ dynamodb }: Clients) => {
  const Item = { pk: { S: "well" }, sk: { S: "item" }, n: { N: String(++heartbeats) } };
  return dynamodb.send(new PutItemCommand({ TableName: TABLE, Item }));
};

const untilWell = (clients: Clients) => untilDone(() => heartbeat(clients));

async function untilDone(work: () => Promise<unknown>): Promise<void> {
  const deadline = Date.now() + 60_000;
  for (;;) {
    try {
      await work();
      return;
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await sleep(10);
    }
  }
}

async function getItem({ dynamodb }: Clients, name: string): Promise<string> {
  const Key = { pk: { S: name }, sk: { S: "item" } };
  const { Item } = await dynamodb.send(new GetItemCommand({ TableName: TABLE, Key, ConsistentRead: true }));
  return Item?.text?.S === undefined ? "none" : digest(Item.text.S);
}

/**
 * Stored values can be read while the disk fails, but for the moments in which LevelDB is closed and opens again. It stays
 * closed where the disk began to fail just then, which happens when LevelDB told of the last failure only now.
 */
async function isReadable(clients: Clients): Promise<boolean> {
  for (let attempt = 0; attempt < 100; attempt++) {
    try {
      await getItem(clients, "well");
      return true;
    } catch (error) {
      assert(error instanceof Error);
      assert.equal(error.name, "StorageUnavailable", error.stack);
      requireNamed(error.message);
      await sleep(10);
    }
  }
  return false;
}

async function failWhileRunning(clients: Clients): Promise<void> {
  beginFault();
  for (let turn = 0; turn < 2; turn++) await writeAtOnce(clients);
  if (!(await isReadable(clients))) counts.unreadable++;
  counts.failedCalls += control.heal();
  await untilWell(clients);
  await writeAtOnce(clients);
  await untilWell(clients);
}

/** Copies the folder as kill -9 leaves it, at a moment in which LevelDB does not tidy up its files in the background. */
async function copyAsKilled(): Promise<void> {
  const files = () => JSON.stringify(readdirSync(join(living, "cloud", "level")));
  for (;;) {
    rmSync(copy, { recursive: true, force: true });
    const before = files();
    try {
      cpSync(living, copy, { recursive: true });
      if (files() === before) return;
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
    }
    await sleep(5);
  }
}

/** The secret of the launcher is whole or not there, and stays what it was. */
async function failWhileStarting(round: number): Promise<Clients> {
  const secretFolder = join(folder, `secret-${round}`);
  beginFault();
  try {
    cloudKey(secretFolder);
    return await connect(living);
  } catch (error) {
    counts.failedStarts++;
    requireNamed(StorageUnavailable.from(error, living).startSentence);
  } finally {
    counts.failedCalls += control.heal();
    assert.match(cloudKey(secretFolder), /^[0-9a-f]{64}$/);
    assert.equal(cloudKey(secretFolder), cloudKey(secretFolder));
    rmSync(secretFolder, { recursive: true });
  }
  return connect(living);
}

/** A disk that takes everything and confirms nothing: a durable store says so, the other one does not ask. */
async function compareDurability(): Promise<void> {
  for (const isDurable of [false, true]) {
    const clients = await connect(living, isDurable);
    const writes = [
      () => heartbeat(clients),
      () => clients.s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: "durable", Body: "x" })),
      () => clients.sqs.send(new SendMessageCommand({ QueueUrl: clients.queueUrl, MessageBody: "durable" })),
    ];
    for (const write of writes) {
      control.fail({ error: "EIO", kinds: ["sync"], after: 0, lasting: true, shortBy: 0 });
      const outcome = await write().then(
        () => "acknowledged",
        (error) => error.name,
      );
      control.heal();
      assert.equal(outcome, isDurable ? "StorageUnavailable" : "acknowledged");
      await untilWell(clients);
    }
    for (const key of ["object durable", "durable"])
      expected.set(key, new Set([key === "durable" ? "there" : digest("x")]));
    await clients.close();
  }
}

let clients = await connect(living);
await ensureTable(clients.dynamodb, TABLE);
await clients.s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
await clients.sqs.send(new CreateQueueCommand({ QueueName: "faults" }));
await untilWell(clients);
await clients.close();
await compareDurability();
clients = await connect(living);
for (let round = 1; round <= Number(rounds); round++) {
  if (round % 5 === 0) {
    await clients.close();
    clients = await failWhileStarting(round);
  }
  await failWhileRunning(clients);
  if (round % 2 === 0) await compare(clients, `round ${round}, living`);
  else {
    await copyAsKilled();
    const again = await connect(copy);
    await compare(again, `round ${round}, started again`, { drains: true });
    await again.close();
  }
  counts.rounds = round;
}
await clients.close();
process.stdout.write(`${JSON.stringify(counts)}\n`);
process.exit();
