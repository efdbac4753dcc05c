/** The laptop's queue triggers, with functions made for the purpose. Always against the laptop's cloud. */
import { GetQueueAttributesCommand, SendMessageCommand } from "@aws-sdk/client-sqs";
import type { Context, SQSEvent } from "aws-lambda";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { eventually } from "../support/conformance";
import { LambdaTarget } from "../support/lambda-target";

let target: LambdaTarget;

beforeAll(async () => {
  target = await LambdaTarget.start();
});

beforeEach(() => target.renew());
afterAll(() => target.close());

describe("a queue's messages", () => {
  test("reach the function as an SQS event, and are gone when it returns", async () => {
    const events: SQSEvent[] = [];
    const running = await target.work({ job: async (event: SQSEvent) => void events.push(event) }, [
      target.fromQueue(),
    ]);
    await target.sqs.send(
      new SendMessageCommand({
        QueueUrl: target.queueUrl,
        MessageBody: "héllo",
        MessageAttributes: { kind: { DataType: "String", StringValue: "review" } },
      }),
    );
    await running.idle();
    expect(events).toHaveLength(1);
    expect(events[0]?.Records[0]).toMatchObject({
      body: "héllo",
      eventSource: "aws:sqs",
      eventSourceARN: `arn:aws:sqs:us-east-1:000000000000:${target.queue}`,
      awsRegion: "us-east-1",
      attributes: { ApproximateReceiveCount: "1", SenderId: expect.any(String), SentTimestamp: expect.any(String) },
      messageAttributes: { kind: { stringValue: "review", dataType: "String" } },
      md5OfBody: expect.stringMatching(/^[0-9a-f]{32}$/),
      messageId: expect.any(String),
      receiptHandle: expect.any(String),
    });
  });

  test("are redelivered only when the function reports them as failed", async () => {
    const seen: string[] = [];
    const running = await target.work(
      {
        job: async ({ Records }: SQSEvent) => {
          seen.push(...Records.map(({ body }) => body));
          const failed = Records.filter(({ body }) => body === "bad");
          return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
        },
      },
      [target.fromQueue()],
    );
    await target.sendMany(["good-1", "bad", "good-2"]);
    await running.idle();
    expect(seen.filter((body) => body.startsWith("good")).sort()).toEqual(["good-1", "good-2"]);
    expect(seen.filter((body) => body === "bad")).toHaveLength(3);
    expect(await target.deadBodies()).toEqual(["bad"]);
  });

  test("are all redelivered when the function throws, and reach the dead-letter queue after three tries", async () => {
    let tries = 0;
    const running = await target.work(
      {
        job: async ({ Records }: SQSEvent) => {
          tries += Records.length;
          throw new Error("never");
        },
      },
      [target.fromQueue()],
    );
    await target.sendMany(["a", "b"]);
    await running.idle();
    expect(tries).toBe(6);
    expect(await target.deadBodies()).toEqual(["a", "b"]);
  });

  test("are all redelivered when the function reports an unknown message", async () => {
    let tries = 0;
    const running = await target.work(
      {
        job: async ({ Records }: SQSEvent) => {
          tries++;
          return Records[0]?.attributes.ApproximateReceiveCount === "1"
            ? { batchItemFailures: [{ itemIdentifier: "someone else" }] }
            : null;
        },
      },
      [target.fromQueue()],
    );
    await target.send("a");
    await running.idle();
    expect(tries).toBe(2);
  });

  test("are processed by no more concurrent events than configured", async () => {
    let running = 0;
    let most = 0;
    let open = () => {};
    const areAllIn = new Promise<void>((resolve) => {
      open = resolve;
    });
    const host = await target.work(
      {
        job: async () => {
          most = Math.max(most, ++running);
          // A moment longer than it takes a fourth to begin, were it let in.
          if (running === 3) setTimeout(open, 100);
          await areAllIn;
          running--;
        },
      },
      [target.fromQueue(1, 3)],
    );
    await target.sendMany(["1", "2", "3", "4", "5", "6", "7", "8"]);
    await host.idle();
    expect(most).toBe(3);
  });

  test("fail when the function exceeds its timeout, which its context announces", async () => {
    const remaining: number[] = [];
    const running = await target.work(
      {
        job: async (event: SQSEvent, context: Context) => {
          remaining.push(context.getRemainingTimeInMillis());
          if (event.Records[0]?.attributes.ApproximateReceiveCount === "1") await new Promise(() => {});
        },
      },
      [{ ...target.fromQueue(), timeoutMs: 150 }],
    );
    await target.send("slow");
    await running.idle();
    expect(remaining).toHaveLength(2);
    for (const ms of remaining) expect(ms).toBeGreaterThan(0);
    expect(Math.max(...remaining)).toBeLessThanOrEqual(150);
    expect(await target.deadBodies()).toEqual([]);
  });

  test("that are unfinished when the workers close go to the next workers at once", async () => {
    const begun: string[] = [];
    const first = await target.work(
      {
        job: (event: SQSEvent) => {
          begun.push(event.Records[0]?.body ?? "");
          return new Promise(() => {});
        },
      },
      [{ ...target.fromQueue(), timeoutMs: 60_000 }],
    );
    await target.send("left");
    await eventually(
      async () => begun.length,
      (count) => count === 1,
    );
    await first.close(50);
    const second = await target.work(
      { job: async (event: SQSEvent) => void begun.push(event.Records[0]?.body ?? "") },
      [target.fromQueue()],
    );
    await second.idle();
    expect(begun).toEqual(["left", "left"]);
  });

  test("in progress are finished by workers that close", async () => {
    let isDone = false;
    let hasBegun = false;
    const running = await target.work(
      {
        job: async () => {
          hasBegun = true;
          await new Promise((resolve) => setTimeout(resolve, 200));
          isDone = true;
        },
      },
      [target.fromQueue()],
    );
    await target.send("a");
    await eventually(async () => hasBegun, Boolean);
    await running.close();
    expect(isDone).toBe(true);
    const { Attributes } = await target.sqs.send(
      new GetQueueAttributesCommand({
        QueueUrl: target.queueUrl,
        AttributeNames: ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"],
      }),
    );
    expect(Object.values(Attributes ?? {})).toEqual(["0", "0"]);
  });
});

test("with messages duplicated, reordered, throttled and responses lost, every job is still done", async () => {
  const done = new Set<string>();
  const running = await target.work(
    { job: async ({ Records }: SQSEvent) => void Records.map(({ body }) => done.add(body)) },
    [target.fromQueue(5, 2)],
  );
  const bodies = Array.from({ length: 40 }, (_, index) => `job-${index}`);
  for (let first = 0; first < bodies.length; first += 10) await target.sendMany(bodies.slice(first, first + 10));
  target.cloud.setFaults({
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
  target.cloud.setFaults(undefined);
  await running.idle();
  expect([...done].sort()).toEqual([...bodies].sort());
});
