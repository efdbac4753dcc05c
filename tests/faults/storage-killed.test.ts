/**
 * The cloud killed at random points under load: what S3 and SQS acknowledged is there after the next start, and nothing
 * else has come to be. A few rounds in a normal run, 20 with `REDLINE_LONG=1`.
 */
import { createHash, randomBytes } from "node:crypto";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
} from "@aws-sdk/client-sqs";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type ChildCloud, startChildCloud } from "../support/cloud";
import { eventually } from "../support/conformance";
import { s3Client } from "../support/s3-target";
import { sqsClient } from "../support/sqs-target";

const ROUNDS = process.env.REDLINE_LONG === "1" ? 20 : 3;
const WRITERS = 6;
const Bucket = "kill9";
const QueueName = "kill9";

let dataDir: string;
let cloud: ChildCloud;

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), "redline-kill9-"));
});

afterEach(async () => {
  await cloud.kill();
  rmSync(dataDir, { recursive: true, force: true });
});

/** Lets writers write until the cloud dies under them, after a random while. */
async function killDuring(write: (writer: number, step: number) => Promise<void>): Promise<void> {
  let isDead = false;
  const writers = Array.from({ length: WRITERS }, async (_, writer) => {
    for (let step = 0; !isDead; step++) await write(writer, step).catch(() => undefined);
  });
  await new Promise((resolve) => setTimeout(resolve, 150 + Math.random() * 500));
  await cloud.kill();
  isDead = true;
  await Promise.all(writers);
}

const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

test("every acknowledged object is whole, every acknowledged deletion holds, no file is left over", {
  timeout: 60_000 + ROUNDS * 60_000,
}, async () => {
  /** The digest of what was acknowledged last; null for a deletion. Keys in doubt are those of unanswered requests. */
  const acknowledged = new Map<string, string | null>();
  const inDoubt = new Map<string, Set<string | null>>();
  for (let round = 0; round < ROUNDS; round++) {
    cloud = await startChildCloud(dataDir);
    const client = s3Client(cloud.endpoints.s3);
    await client.send(new CreateBucketCommand({ Bucket }));
    await killDuring(async (writer, step) => {
      const Key = `writer-${writer}/object-${step % 7}`;
      const Body = step % 5 === 4 ? undefined : randomBytes(1 + Math.floor(Math.random() * 60_000));
      const after = Body ? sha256(Body) : null;
      inDoubt.set(Key, new Set([...(inDoubt.get(Key) ?? []), after]));
      await client.send(Body ? new PutObjectCommand({ Bucket, Key, Body }) : new DeleteObjectCommand({ Bucket, Key }));
      acknowledged.set(Key, after);
      inDoubt.delete(Key);
    });
    client.destroy();
    cloud = await startChildCloud(dataDir);
    const reader = s3Client(cloud.endpoints.s3);
    const { Contents = [] } = await reader.send(new ListObjectsV2Command({ Bucket }));
    const there = new Set(Contents.map(({ Key }) => Key));
    for (const key of new Set([...acknowledged.keys(), ...inDoubt.keys()])) {
      const allowed = new Set([acknowledged.get(key) ?? null, ...(inDoubt.get(key) ?? [])]);
      const body = there.has(key)
        ? await (await reader.send(new GetObjectCommand({ Bucket, Key: key }))).Body?.transformToByteArray()
        : undefined;
      const found = body ? sha256(body) : null;
      expect(allowed, key).toContain(found);
      acknowledged.set(key, found);
    }
    inDoubt.clear();
    const files = async () =>
      readdirSync(join(dataDir, "blobs"), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    expect(await eventually(files, ({ length }) => length === there.size)).toHaveLength(there.size);
    reader.destroy();
    await cloud.kill();
  }
  expect(acknowledged.size).toBeGreaterThan(0);
});

test("every acknowledged message is there, what was deleted stays deleted, what was out stays out", {
  timeout: 60_000 + ROUNDS * 60_000,
}, async () => {
  const sent = new Set<string>();
  const attempted = new Set<string>();
  const deleted = new Set<string>();
  const deletionTried = new Set<string>();
  for (let round = 0; round < ROUNDS; round++) {
    cloud = await startChildCloud(dataDir);
    const client = sqsClient(cloud.endpoints.sqs);
    const queue = { QueueName, Attributes: { VisibilityTimeout: "600" } };
    const { QueueUrl } = await client.send(new CreateQueueCommand(queue));
    await killDuring(async (writer, step) => {
      if (step % 3 === 2) {
        const { Messages = [] } = await client.send(new ReceiveMessageCommand({ QueueUrl, VisibilityTimeout: 1 }));
        const receivedAtMs = Date.now();
        for (const { Body = "", ReceiptHandle } of Messages) {
          deletionTried.add(Body);
          await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
          // Later, another writer may have received it too, and this deletion was of no effect.
          if (Date.now() - receivedAtMs < 900) deleted.add(Body);
        }
        return;
      }
      const MessageBody = `round ${round} writer ${writer} step ${step}`;
      attempted.add(MessageBody);
      await client.send(new SendMessageCommand({ QueueUrl, MessageBody }));
      sent.add(MessageBody);
    });
    client.destroy();
  }
  cloud = await startChildCloud(dataDir);
  const client = sqsClient(cloud.endpoints.sqs);
  const { QueueUrl } = await client.send(new CreateQueueCommand({ QueueName }));
  const found: string[] = [];
  // Messages that were in flight when the cloud was killed are hidden for another second.
  await new Promise((resolve) => setTimeout(resolve, 1_100));
  for (;;) {
    const command = new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 600 });
    const { Messages = [] } = await client.send(command);
    if (Messages.length === 0) break;
    found.push(...Messages.map(({ Body = "" }) => Body));
  }
  expect(new Set(found).size).toBe(found.length);
  expect(found.filter((body) => !attempted.has(body))).toEqual([]);
  expect([...sent].filter((body) => !found.includes(body) && !deletionTried.has(body))).toEqual([]);
  expect(found.filter((body) => deleted.has(body))).toEqual([]);
  expect(sent.size).toBeGreaterThan(ROUNDS);
  client.destroy();
  await cloud.kill();
  cloud = await startChildCloud(dataDir);
  const last = sqsClient(cloud.endpoints.sqs);
  const { QueueUrl: again } = await last.send(new CreateQueueCommand({ QueueName }));
  const command = new ReceiveMessageCommand({ QueueUrl: again, MaxNumberOfMessages: 10 });
  expect((await last.send(command)).Messages).toBeUndefined();
  last.destroy();
});
