/** The fault mode of S3 and SQS: what it does to a client with default settings, and what that client makes of it. */
import { randomBytes } from "node:crypto";
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { ReceiveMessageCommand, SendMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import type { FaultRule } from "@redline/local/faults";
import { ensureBuckets } from "@redline/local/provision-buckets";
import { ensureQueues } from "@redline/local/provision-queues";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { startTestCloud, type TestCloud } from "../support/cloud";
import { s3Client } from "../support/s3-target";
import { sqsClient } from "../support/sqs-target";

const Bucket = "faults";

let cloud: TestCloud;
let s3: S3Client;
let sqs: SQSClient;
let queues = 0;

beforeAll(async () => {
  cloud = await startTestCloud();
  s3 = s3Client(cloud.endpoints.s3);
  sqs = sqsClient(cloud.endpoints.sqs);
  await ensureBuckets(s3, [{ name: Bucket }]);
});

afterAll(async () => {
  s3.destroy();
  sqs.destroy();
  await cloud.close();
});

afterEach(() => cloud.setFaults(undefined));

const always = (rule: Omit<FaultRule, "probability">) =>
  cloud.setFaults({ seed: 1, rules: [{ probability: 1, ...rule }] });
const often = (rule: Omit<FaultRule, "probability">) =>
  cloud.setFaults({ seed: 1, rules: [{ probability: 0.3, ...rule }] });
const newQueue = async () => {
  const name = `faults-${++queues}`;
  return (await ensureQueues(sqs, [{ name, functionTimeoutSeconds: 5 }]))[name]?.url ?? "";
};
const countIn = async (QueueUrl: string) => {
  cloud.setFaults(undefined);
  const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
  return Messages.length;
};

describe("S3", () => {
  test("throttled always is SlowDown; throttled now and then, a retry gets through", async () => {
    always({ kind: "throttle", service: "s3", operation: "PutObject" });
    const put = () => s3.send(new PutObjectCommand({ Bucket, Key: "throttled", Body: "x" }));
    await expect(put()).rejects.toMatchObject({ name: "SlowDown", $metadata: { httpStatusCode: 503 } });
    often({ kind: "throttle", service: "s3", operation: "PutObject" });
    await put();
  });

  test("whose response is lost after a put has the object, and a retried conditional put reports that", async () => {
    always({ kind: "drop", service: "s3", operation: "PutObject" });
    const once = new PutObjectCommand({ Bucket, Key: "dropped", Body: "x", IfNoneMatch: "*" });
    // The first try was done and unheard; the second finds the object.
    await expect(s3.send(once)).rejects.toThrow();
    cloud.setFaults(undefined);
    const { KeyCount } = await s3.send(new ListObjectsV2Command({ Bucket, Prefix: "dropped" }));
    expect(KeyCount).toBe(1);
    await expect(s3.send(once)).rejects.toMatchObject({ name: "PreconditionFailed" });
  });

  test("whose body is cut off is noticed by the reader", async () => {
    const Body = randomBytes(300_000);
    await s3.send(new PutObjectCommand({ Bucket, Key: "cut", Body }));
    always({ kind: "cut", service: "s3", operation: "GetObject" });
    const read = async () => (await s3.send(new GetObjectCommand({ Bucket, Key: "cut" }))).Body?.transformToByteArray();
    await expect(read()).rejects.toThrow();
    cloud.setFaults(undefined);
    expect(Buffer.from((await read()) ?? []).equals(Body)).toBe(true);
  });
});

describe("SQS", () => {
  test("whose response is lost after a send has the message, once for each try", async () => {
    const QueueUrl = await newQueue();
    always({ kind: "drop", service: "sqs", operation: "SendMessage" });
    await expect(sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: "x" }))).rejects.toThrow();
    expect(await countIn(QueueUrl)).toBeGreaterThanOrEqual(1);
  });

  test("delivers a message twice when configured to", async () => {
    const QueueUrl = await newQueue();
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: "x" }));
    always({ kind: "duplicate", service: "sqs" });
    await sqs.send(new ReceiveMessageCommand({ QueueUrl }));
    expect(await countIn(QueueUrl)).toBe(1);
  });

  test("reorders messages when configured to, and loses none", async () => {
    const QueueUrl = await newQueue();
    const sent = Array.from({ length: 10 }, (_, index) => String(index));
    for (const MessageBody of sent) await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }));
    always({ kind: "reorder", service: "sqs" });
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
    const received = Messages.map(({ Body = "" }) => Body);
    expect(received).not.toEqual(sent);
    expect([...received].sort()).toEqual(sent);
  });

  test("throttled now and then, a client that tries again gets through", async () => {
    const QueueUrl = await newQueue();
    often({ kind: "throttle", service: "sqs" });
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: "x" }));
    expect(await countIn(QueueUrl)).toBe(1);
  });
});
