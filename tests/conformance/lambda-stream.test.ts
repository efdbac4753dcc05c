/** The laptop's stream and schedule triggers, with functions made for the purpose. Always against the laptop's cloud. */
import { GetObjectCommand, ListObjectsV2Command } from "@aws-sdk/client-s3";
import type { DynamoDBStreamEvent } from "aws-lambda";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { eventually } from "../support/conformance";
import { LambdaTarget } from "../support/lambda-target";

let target: LambdaTarget;

beforeAll(async () => {
  target = await LambdaTarget.start();
});

beforeEach(() => target.renew());
afterAll(() => target.close());

describe("the table's changes", () => {
  const keysOf = (event: DynamoDBStreamEvent) => event.Records.map(({ dynamodb: change }) => change?.Keys?.pk?.S ?? "");

  test("reach the function as a stream event when their item has an outbox job, and only then", async () => {
    const events: DynamoDBStreamEvent[] = [];
    const running = await target.work({ changes: async (event: DynamoDBStreamEvent) => void events.push(event) }, [
      target.fromStream(),
    ]);
    await target.write("quiet");
    await target.write("loud", { outboxId: "ann_1" });
    await target.write("loud", { outboxId: "ann_2" });
    await running.idle();
    const records = events.flatMap(({ Records }) => Records);
    expect(records.map(({ eventName, dynamodb: change }) => [eventName, change?.NewImage?.outboxId?.S])).toEqual([
      ["INSERT", "ann_1"],
      ["MODIFY", "ann_2"],
    ]);
    expect(records[1]).toMatchObject({
      eventSource: "aws:dynamodb",
      awsRegion: "us-east-1",
      eventSourceARN: expect.stringContaining(`table/lambda-conformance/stream/`),
      dynamodb: {
        Keys: { pk: { S: "loud" }, sk: { S: "x" } },
        OldImage: { outboxId: { S: "ann_1" } },
        SequenceNumber: expect.stringMatching(/^\d{21,}$/),
        StreamViewType: "NEW_AND_OLD_IMAGES",
      },
    });
  });

  test("come in the order of the writes, also with occasional failures", async () => {
    const done: string[] = [];
    let failures = 0;
    const running = await target.work(
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
      [target.fromStream(4)],
    );
    const keys = Array.from({ length: 9 }, (_, index) => `order-${index}`);
    for (const key of keys) await target.write(key, { outboxId: key });
    await running.idle();
    expect(done).toEqual(keys);
  });

  test("that fail permanently are set aside with their reason after five tries, alone", async () => {
    const tries = new Map<string, number>();
    const running = await target.work(
      {
        poisoned: async (event: DynamoDBStreamEvent) => {
          for (const key of keysOf(event)) tries.set(key, (tries.get(key) ?? 0) + 1);
          if (keysOf(event).includes("poison")) throw new TypeError("cannot take it");
        },
      },
      [target.fromStream(8)],
    );
    for (const key of ["before", "poison", "after"]) await target.write(key, { outboxId: key });
    await running.idle();
    expect(tries.get("poison")).toBeGreaterThanOrEqual(5);
    expect(tries.has("after")).toBe(true);
    const { Contents = [] } = await target.s3.send(
      new ListObjectsV2Command({ Bucket: target.bucket, Prefix: "failures/poisoned/" }),
    );
    expect(Contents).toHaveLength(1);
    const { Body } = await target.s3.send(new GetObjectCommand({ Bucket: target.bucket, Key: Contents[0]?.Key }));
    expect(JSON.parse((await Body?.transformToString()) ?? "")).toMatchObject({
      requestContext: { condition: "RetryAttemptsExhausted", approximateInvokeCount: 5 },
      error: { errorType: "TypeError", errorMessage: "cannot take it" },
      DDBStreamBatchInfo: { batchSize: 1 },
      payload: { Records: [{ dynamodb: { Keys: { pk: { S: "poison" } } } }] },
    });
  });

  test("made while no workers ran are delivered when they start", async () => {
    const seen: string[] = [];
    const handlers = { later: async (event: DynamoDBStreamEvent) => void seen.push(...keysOf(event)) };
    await (await target.work(handlers, [target.fromStream()])).idle();
    await target.stop();
    seen.length = 0;
    await target.write("while-away", { outboxId: "ann_3" });
    await (await target.work(handlers, [target.fromStream()])).idle();
    expect(seen).toEqual(["while-away"]);
  });
});

test("a schedule calls its function again and again, never twice at once", async () => {
  let running = 0;
  let most = 0;
  const times: string[] = [];
  await target.work(
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
