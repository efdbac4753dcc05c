/** The laptop's triggers and its Invoke API, with functions made for the purpose. Always against the laptop's cloud. */
import { type DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { GetObjectCommand, ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import {
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import type { FunctionConfig } from "@redline/local/lambda/functions";
import type { Handler } from "@redline/local/lambda/handler";
import { startWorkers, type Workers } from "@redline/local/lambda/start";
import { ensureTable } from "@redline/local/provision";
import { ensureBuckets } from "@redline/local/provision-buckets";
import { ensureQueues } from "@redline/local/provision-queues";
import type { Context, DynamoDBStreamEvent, SQSEvent } from "aws-lambda";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { localClient, startTestCloud, type TestCloud } from "../support/cloud";
import { eventually } from "../support/conformance";

const BUCKET = "lambda-conformance";
const TABLE = "lambda-conformance";

let cloud: TestCloud;
let sqs: SQSClient;
let s3: S3Client;
let dynamodb: DynamoDBClient;
let lambda: LambdaClient;
let workers: Workers | undefined;
let queue = "";
let queueUrl = "";
let deadUrl = "";
let queues = 0;
let reported: string[] = [];

beforeAll(async () => {
  cloud = await startTestCloud();
  sqs = new SQSClient(localClient(cloud.endpoints.sqs));
  s3 = new S3Client({ ...localClient(cloud.endpoints.s3), forcePathStyle: true });
  dynamodb = cloud.dynamodb;
  await ensureTable(dynamodb, TABLE);
  await ensureBuckets(s3, [{ name: BUCKET }]);
});

afterAll(async () => {
  sqs.destroy();
  s3.destroy();
  await cloud.close();
});

beforeEach(async () => {
  reported = [];
  queue = `jobs-${++queues}`;
  const urls = await ensureQueues(sqs, [{ name: queue, functionTimeoutSeconds: 1 }]);
  queueUrl = urls[queue]?.url ?? "";
  deadUrl = urls[queue]?.deadUrl ?? "";
});

afterEach(async () => {
  cloud.setFaults(undefined);
  lambda?.destroy();
  await workers?.close();
  workers = undefined;
});

/** Starts workers whose functions are these; a name's trigger is the test's queue unless said otherwise. */
async function work(
  handlers: Record<string, Handler>,
  configs: Partial<FunctionConfig>[] = [],
  loaded: string[] = [],
): Promise<Workers> {
  workers = await startWorkers({
    functions: Object.keys(handlers).map((name, index) => ({ name, timeoutMs: 5_000, ...configs[index] })),
    load: async (name) => {
      loaded.push(name);
      const handler = handlers[name];
      if (!handler) throw new Error(`no ${name}`);
      return { handler };
    },
    endpoints: cloud.endpoints,
    bucket: BUCKET,
    table: TABLE,
    report: ({ errorType }) => void reported.push(errorType),
    retryDelayS: 0,
    streamRetryDelayMs: 1,
  });
  lambda = new LambdaClient(localClient(workers.url));
  return workers;
}

const fromQueue = (batchSize = 10, concurrency = 1) => ({ trigger: { queue, batchSize, concurrency } });
const fromStream = (batchSize = 10) => ({ trigger: { stream: true as const, batchSize } });

const send = (MessageBody: string) => sqs.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody }));
const sendMany = (bodies: string[]) =>
  sqs.send(
    new SendMessageBatchCommand({
      QueueUrl: queueUrl,
      Entries: bodies.map((MessageBody, index) => ({ Id: String(index), MessageBody })),
    }),
  );

async function deadBodies(): Promise<string[]> {
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({ QueueUrl: deadUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 0 }),
  );
  return Messages.map(({ Body = "" }) => Body).sort();
}

async function announce(pk: string, attributes: Record<string, string> = {}): Promise<void> {
  const values = Object.fromEntries(Object.entries(attributes).map(([name, S]) => [name, { S }]));
  await dynamodb.send(new PutItemCommand({ TableName: TABLE, Item: { pk: { S: pk }, sk: { S: "x" }, ...values } }));
}

describe("a queue's messages", () => {
  test("reach the function as an SQS event, and are gone when it returns", async () => {
    const events: SQSEvent[] = [];
    const running = await work({ job: async (event: SQSEvent) => void events.push(event) }, [fromQueue()]);
    await sqs.send(
      new SendMessageCommand({
        QueueUrl: queueUrl,
        MessageBody: "héllo",
        MessageAttributes: { kind: { DataType: "String", StringValue: "review" } },
      }),
    );
    await running.idle();
    expect(events).toHaveLength(1);
    expect(events[0]?.Records[0]).toMatchObject({
      body: "héllo",
      eventSource: "aws:sqs",
      eventSourceARN: `arn:aws:sqs:us-east-1:000000000000:${queue}`,
      awsRegion: "us-east-1",
      attributes: { ApproximateReceiveCount: "1", SenderId: expect.any(String), SentTimestamp: expect.any(String) },
      messageAttributes: { kind: { stringValue: "review", dataType: "String" } },
      md5OfBody: expect.stringMatching(/^[0-9a-f]{32}$/),
      messageId: expect.any(String),
      receiptHandle: expect.any(String),
    });
  });

  test("that the function names as failed stay, the others do not come again", async () => {
    const seen: string[] = [];
    const running = await work(
      {
        job: async ({ Records }: SQSEvent) => {
          seen.push(...Records.map(({ body }) => body));
          const failed = Records.filter(({ body }) => body === "bad");
          return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
        },
      },
      [fromQueue()],
    );
    await sendMany(["good-1", "bad", "good-2"]);
    await running.idle();
    expect(seen.filter((body) => body.startsWith("good")).sort()).toEqual(["good-1", "good-2"]);
    expect(seen.filter((body) => body === "bad")).toHaveLength(3);
    expect(await deadBodies()).toEqual(["bad"]);
  });

  test("all come again when the function throws, and end in the dead-letter queue after three tries", async () => {
    let tries = 0;
    const running = await work(
      {
        job: async ({ Records }: SQSEvent) => {
          tries += Records.length;
          throw new Error("never");
        },
      },
      [fromQueue()],
    );
    await sendMany(["a", "b"]);
    await running.idle();
    expect(tries).toBe(6);
    expect(await deadBodies()).toEqual(["a", "b"]);
  });

  test("all come again when the function names a message that it was not given", async () => {
    let tries = 0;
    const running = await work(
      {
        job: async ({ Records }: SQSEvent) => {
          tries++;
          return Records[0]?.attributes.ApproximateReceiveCount === "1"
            ? { batchItemFailures: [{ itemIdentifier: "someone else" }] }
            : null;
        },
      },
      [fromQueue()],
    );
    await send("a");
    await running.idle();
    expect(tries).toBe(2);
  });

  test("are worked on by no more events at once than configured", async () => {
    let running = 0;
    let most = 0;
    const host = await work(
      {
        job: async () => {
          most = Math.max(most, ++running);
          await new Promise((resolve) => setTimeout(resolve, 30));
          running--;
        },
      },
      [fromQueue(1, 3)],
    );
    await sendMany(["1", "2", "3", "4", "5", "6", "7", "8"]);
    await host.idle();
    expect(most).toBe(3);
  });

  test("fail when the function is over its time, which the context foretells", async () => {
    const remaining: number[] = [];
    const running = await work(
      {
        job: async (event: SQSEvent, context: Context) => {
          remaining.push(context.getRemainingTimeInMillis());
          if (event.Records[0]?.attributes.ApproximateReceiveCount === "1") await new Promise(() => {});
        },
      },
      [{ ...fromQueue(), timeoutMs: 150 }],
    );
    await send("slow");
    await running.idle();
    expect(remaining).toHaveLength(2);
    for (const ms of remaining) expect(ms).toBeGreaterThan(0);
    expect(Math.max(...remaining)).toBeLessThanOrEqual(150);
    expect(await deadBodies()).toEqual([]);
  });

  test("that are not finished when the workers close are given to the next workers at once", async () => {
    const begun: string[] = [];
    const first = await work(
      {
        job: (event: SQSEvent) => {
          begun.push(event.Records[0]?.body ?? "");
          return new Promise(() => {});
        },
      },
      [{ ...fromQueue(), timeoutMs: 60_000 }],
    );
    await send("left");
    await eventually(
      async () => begun.length,
      (count) => count === 1,
    );
    await first.close(50);
    const second = await work({ job: async (event: SQSEvent) => void begun.push(event.Records[0]?.body ?? "") }, [
      fromQueue(),
    ]);
    await second.idle();
    expect(begun).toEqual(["left", "left"]);
  });

  test("are finished by workers that close while they work", async () => {
    let isDone = false;
    let hasBegun = false;
    const running = await work(
      {
        job: async () => {
          hasBegun = true;
          await new Promise((resolve) => setTimeout(resolve, 200));
          isDone = true;
        },
      },
      [fromQueue()],
    );
    await send("a");
    await eventually(async () => hasBegun, Boolean);
    await running.close();
    expect(isDone).toBe(true);
    const { Attributes } = await sqs.send(
      new GetQueueAttributesCommand({
        QueueUrl: queueUrl,
        AttributeNames: ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"],
      }),
    );
    expect(Object.values(Attributes ?? {})).toEqual(["0", "0"]);
  });
});

describe("the table's changes", () => {
  const keysOf = (event: DynamoDBStreamEvent) => event.Records.map(({ dynamodb: change }) => change?.Keys?.pk?.S ?? "");

  test("reach the function as a stream event when their item announces something, and only then", async () => {
    const events: DynamoDBStreamEvent[] = [];
    const running = await work({ changes: async (event: DynamoDBStreamEvent) => void events.push(event) }, [
      fromStream(),
    ]);
    await announce("quiet");
    await announce("loud", { announceId: "ann_1" });
    await announce("loud", { announceId: "ann_2" });
    await running.idle();
    const records = events.flatMap(({ Records }) => Records);
    expect(records.map(({ eventName, dynamodb: change }) => [eventName, change?.NewImage?.announceId?.S])).toEqual([
      ["INSERT", "ann_1"],
      ["MODIFY", "ann_2"],
    ]);
    expect(records[1]).toMatchObject({
      eventSource: "aws:dynamodb",
      awsRegion: "us-east-1",
      eventSourceARN: expect.stringContaining(`table/${TABLE}/stream/`),
      dynamodb: {
        Keys: { pk: { S: "loud" }, sk: { S: "x" } },
        OldImage: { announceId: { S: "ann_1" } },
        SequenceNumber: expect.stringMatching(/^\d{21,}$/),
        StreamViewType: "NEW_AND_OLD_IMAGES",
      },
    });
  });

  test("come in the order of the writes, also past one that fails now and then", async () => {
    const done: string[] = [];
    let failures = 0;
    const running = await work(
      {
        changes: async (event: DynamoDBStreamEvent) => {
          for (const { dynamodb: change } of event.Records) {
            const key = change?.Keys?.pk?.S ?? "";
            if (key === "order-4" && failures++ < 2)
              return { batchItemFailures: [{ itemIdentifier: change?.SequenceNumber }] };
            done.push(key);
          }
          return { batchItemFailures: [] };
        },
      },
      [fromStream(4)],
    );
    const keys = Array.from({ length: 9 }, (_, index) => `order-${index}`);
    for (const key of keys) await announce(key, { announceId: key });
    await running.idle();
    expect(done).toEqual(keys);
  });

  test("that can never be taken are set aside with their reason after five tries, alone", async () => {
    const tries = new Map<string, number>();
    const running = await work(
      {
        poisoned: async (event: DynamoDBStreamEvent) => {
          for (const key of keysOf(event)) tries.set(key, (tries.get(key) ?? 0) + 1);
          if (keysOf(event).includes("poison")) throw new TypeError("cannot take it");
        },
      },
      [fromStream(8)],
    );
    for (const key of ["before", "poison", "after"]) await announce(key, { announceId: key });
    await running.idle();
    expect(tries.get("poison")).toBeGreaterThanOrEqual(5);
    expect(tries.has("after")).toBe(true);
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: BUCKET, Prefix: "failures/poisoned/" }));
    expect(Contents).toHaveLength(1);
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: BUCKET, Key: Contents[0]?.Key }));
    expect(JSON.parse((await Body?.transformToString()) ?? "")).toMatchObject({
      requestContext: { condition: "RetryAttemptsExhausted", approximateInvokeCount: 5 },
      error: { errorType: "TypeError", errorMessage: "cannot take it" },
      DDBStreamBatchInfo: { batchSize: 1 },
      payload: { Records: [{ dynamodb: { Keys: { pk: { S: "poison" } } } }] },
    });
  });

  test("that were made while no workers ran are taken when they start", async () => {
    const seen: string[] = [];
    const handlers = { later: async (event: DynamoDBStreamEvent) => void seen.push(...keysOf(event)) };
    await (await work(handlers, [fromStream()])).idle();
    await workers?.close();
    seen.length = 0;
    await announce("while-away", { announceId: "ann_3" });
    await (await work(handlers, [fromStream()])).idle();
    expect(seen).toEqual(["while-away"]);
  });
});

describe("Invoke", () => {
  const invoke = async (FunctionName: string, payload: unknown, InvocationType?: "Event" | "DryRun") =>
    lambda.send(new InvokeCommand({ FunctionName, Payload: Buffer.from(JSON.stringify(payload)), InvocationType }));
  const textOf = (payload: Uint8Array | undefined) => Buffer.from(payload ?? []).toString("utf8");

  test("answers with what the function returns", async () => {
    await work({ double: async ({ n }: { n: number }) => ({ twice: n * 2 }) });
    const answer = await invoke("double", { n: 21 });
    expect(answer.StatusCode).toBe(200);
    expect(answer.FunctionError).toBeUndefined();
    expect(answer.ExecutedVersion).toBe("$LATEST");
    expect(JSON.parse(textOf(answer.Payload))).toEqual({ twice: 42 });
  });

  test("answers null when the function returns nothing, and finds it by its ARN too", async () => {
    await work({ silent: async () => {} });
    const answer = await invoke("arn:aws:lambda:us-east-1:000000000000:function:silent", {});
    expect(textOf(answer.Payload)).toBe("null");
  });

  test("says that the function failed, with the error's name and message", async () => {
    await work({
      broken: async () => {
        throw new RangeError("too far");
      },
    });
    const answer = await invoke("broken", {});
    expect(answer.StatusCode).toBe(200);
    expect(answer.FunctionError).toBe("Unhandled");
    expect(JSON.parse(textOf(answer.Payload))).toMatchObject({ errorType: "RangeError", errorMessage: "too far" });
    expect(reported).toEqual(["RangeError"]);
  });

  test("says that the function was over its time", async () => {
    await work({ stuck: () => new Promise(() => {}) }, [{ timeoutMs: 100 }]);
    const answer = await invoke("stuck", {});
    expect(answer.FunctionError).toBe("Unhandled");
    expect(JSON.parse(textOf(answer.Payload)).errorMessage).toMatch(/Task timed out after 0\.10 seconds/);
  });

  test("of a function that is not there is ResourceNotFoundException", async () => {
    await work({ here: async () => null });
    await expect(invoke("elsewhere", {})).rejects.toMatchObject({ name: "ResourceNotFoundException" });
  });

  test("that waits for nothing is accepted, and tried again when it fails", async () => {
    const events: unknown[] = [];
    const running = await work({
      later: async (event: unknown) => {
        events.push(event);
        if (events.length === 1) throw new Error("once");
      },
    });
    const answer = await invoke("later", { a: 1 }, "Event");
    expect(answer.StatusCode).toBe(202);
    await running.idle();
    expect(events).toEqual([{ a: 1 }, { a: 1 }]);
  });

  test("dry does not call the function", async () => {
    const loaded: string[] = [];
    await work({ untouched: async () => null }, [], loaded);
    expect((await invoke("untouched", {}, "DryRun")).StatusCode).toBe(204);
    expect(loaded).toEqual([]);
  });

  test("loads a function when it is first called, once", async () => {
    const loaded: string[] = [];
    await work({ one: async () => 1, two: async () => 2 }, [], loaded);
    await invoke("one", {});
    await invoke("one", {});
    expect(loaded).toEqual(["one"]);
  });

  test("refuses what is larger than 6 MB", async () => {
    await work({ big: async () => null });
    await expect(invoke("big", "x".repeat(6 * 1024 * 1024))).rejects.toMatchObject({
      name: "RequestTooLargeException",
    });
  });

  test("refuses web pages and strangers", async () => {
    const { url } = await work({ here: async () => null });
    const path = `${url}/2015-03-31/functions/here/invocations`;
    expect((await fetch(path, { method: "POST", body: "{}" })).status).toBe(403);
    const authorization = "AWS4-HMAC-SHA256 Credential=redline/20260101/us-east-1/lambda/aws4_request";
    const headers = { authorization, origin: "https://example.com" };
    expect((await fetch(path, { method: "POST", body: "{}", headers })).status).toBe(403);
  });
});

test("a schedule calls its function again and again, never twice at once", async () => {
  let running = 0;
  let most = 0;
  const times: string[] = [];
  await work(
    {
      tick: async (event: { time: string; source: string }) => {
        most = Math.max(most, ++running);
        times.push(event.source);
        await new Promise((resolve) => setTimeout(resolve, 30));
        running--;
      },
    },
    [{ trigger: { everyMs: 10 } }],
  );
  await eventually(
    async () => times.length,
    (count) => count >= 3,
  );
  expect(most).toBe(1);
  expect(times[0]).toBe("aws.events");
});

test("with messages doubled, reordered, throttled and answers lost, every job is still done", async () => {
  const done = new Set<string>();
  const running = await work({ job: async ({ Records }: SQSEvent) => void Records.map(({ body }) => done.add(body)) }, [
    fromQueue(5, 2),
  ]);
  const bodies = Array.from({ length: 40 }, (_, index) => `job-${index}`);
  for (let first = 0; first < bodies.length; first += 10) await sendMany(bodies.slice(first, first + 10));
  cloud.setFaults({
    seed: 7,
    rules: [
      { kind: "duplicate", probability: 0.3, service: "sqs" },
      { kind: "reorder", probability: 0.5, service: "sqs" },
      { kind: "throttle", probability: 0.1, service: "sqs" },
      { kind: "drop", probability: 0.05, service: "sqs", operation: "DeleteMessageBatch" },
    ],
  });
  await eventually(
    async () => done.size,
    (size) => size === bodies.length,
  );
  cloud.setFaults(undefined);
  await running.idle();
  expect([...done].sort()).toEqual([...bodies].sort());
});
