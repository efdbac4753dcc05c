/** Queues, dead letters and FIFO: what the SQS client with default settings may rely on. */
import {
  CreateQueueCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListDeadLetterSourceQueuesCommand,
  ListQueuesCommand,
  PurgeQueueCommand,
  type QueueAttributeName,
  QueueDoesNotExist,
  SendMessageBatchCommand,
  SetQueueAttributesCommand,
  StartMessageMoveTaskCommand,
} from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { eventually } from "../support/conformance";
import { bodies, type SqsTarget, startSqsTarget } from "../support/sqs-target";

let target: SqsTarget;

beforeAll(async () => {
  target = await startSqsTarget();
});

afterAll(() => target.close());

describe("a queue", () => {
  test("may be created again with the same settings, not with others", async () => {
    const url = await target.create({ VisibilityTimeout: "60" });
    const QueueName = url.split("/").pop();
    const again = new CreateQueueCommand({ QueueName, Attributes: { VisibilityTimeout: "60" } });
    expect((await target.client.send(again)).QueueUrl).toBe(url);
    const other = new CreateQueueCommand({ QueueName, Attributes: { VisibilityTimeout: "61" } });
    await expect(target.client.send(other)).rejects.toMatchObject({ name: "QueueNameExists" });
  });

  test("is found by its name and among those that begin like it", async () => {
    const url = await target.create();
    const QueueName = url.split("/").pop() ?? "";
    expect((await target.client.send(new GetQueueUrlCommand({ QueueName }))).QueueUrl).toBe(url);
    const list = () => target.client.send(new ListQueuesCommand({ QueueNamePrefix: QueueName.slice(0, -2) }));
    const { QueueUrls } = await eventually(list, ({ QueueUrls = [] }) => QueueUrls.length > 0);
    expect(QueueUrls).toEqual([url]);
  });

  test("that is not there is QueueDoesNotExist", async () => {
    const QueueName = "redline-conformance-never";
    await expect(target.client.send(new GetQueueUrlCommand({ QueueName }))).rejects.toBeInstanceOf(QueueDoesNotExist);
  });

  test("has its settings, and defaults for the others, which may be changed", async () => {
    const url = await target.create({ VisibilityTimeout: "7" });
    expect(await target.attributes(url)).toMatchObject({
      VisibilityTimeout: "7",
      DelaySeconds: "0",
      MessageRetentionPeriod: "345600",
      ReceiveMessageWaitTimeSeconds: "0",
      QueueArn: expect.stringMatching(/^arn:aws:sqs:[\w-]+:\d{12}:redline-conformance-/),
    });
    await target.client.send(new SetQueueAttributesCommand({ QueueUrl: url, Attributes: { VisibilityTimeout: "9" } }));
    const changed = await eventually(
      () => target.attributes(url),
      (now) => now.VisibilityTimeout === "9",
    );
    expect(changed.VisibilityTimeout).toBe("9");
  });

  test("refuses settings that are out of bounds", async () => {
    await expect(target.create({ VisibilityTimeout: "43201" })).rejects.toMatchObject({
      name: "InvalidAttributeValue",
    });
    await expect(target.create({ NoSuchThing: "1" } as object)).rejects.toMatchObject({ name: "InvalidAttributeName" });
    await expect(target.create({ VisibilityTimeout: "1e2" })).rejects.toMatchObject({ name: "InvalidAttributeValue" });
    for (const setting of [{ ContentBasedDeduplication: "true" }, { FifoQueue: "false" }])
      await expect(target.create(setting)).rejects.toMatchObject({ name: "InvalidAttributeName" });
    await expect(target.create({ FifoQueue: "true", ContentBasedDeduplication: "yes" }, ".fifo")).rejects.toMatchObject(
      { name: "InvalidAttributeValue" },
    );
  });

  test("counts visible, in-flight and delayed messages", async () => {
    const url = await target.create();
    await target.send(url, "out");
    await target.receive(url);
    await target.send(url, "visible");
    await target.send(url, "delayed", { DelaySeconds: 60 });
    const counted = {
      ApproximateNumberOfMessages: "1",
      ApproximateNumberOfMessagesNotVisible: "1",
      ApproximateNumberOfMessagesDelayed: "1",
    };
    const isCounted = (now: object) =>
      Object.entries(counted).every(([name, count]) => Reflect.get(now, name) === count);
    expect(await eventually(() => target.attributes(url), isCounted)).toMatchObject(counted);
  });

  test("is empty after a purge, and gone after its deletion", async () => {
    const url = await target.create();
    await target.send(url, "a");
    await target.client.send(new PurgeQueueCommand({ QueueUrl: url }));
    expect(
      await eventually(
        () => target.receiveNow(url),
        ({ length }) => length === 0,
      ),
    ).toEqual([]);
    const doomed = await target.create();
    await target.client.send(new DeleteQueueCommand({ QueueUrl: doomed }));
    const gone = await eventually(
      () =>
        target.send(doomed, "a").then(
          () => undefined,
          (error: unknown) => error,
        ),
      (error) => error !== undefined,
      70_000,
    );
    expect(gone).toBeInstanceOf(QueueDoesNotExist);
  });
});

describe("a dead-letter queue", () => {
  const withDeadLetters = async (maxReceiveCount: number) => {
    const deadUrl = await target.create();
    const RedrivePolicy = JSON.stringify({
      deadLetterTargetArn: (await target.attributes(deadUrl)).QueueArn,
      maxReceiveCount,
    });
    return { deadUrl, url: await target.create({ VisibilityTimeout: "0", RedrivePolicy }) };
  };
  const exhaust = async (url: string, times: number) => {
    for (let time = 0; time < times; time++) expect(await target.receive(url)).toHaveLength(1);
    expect(await target.receiveNow(url)).toEqual([]);
  };

  test("gets a message whose receives are exhausted, with its source queue", async () => {
    const { url, deadUrl } = await withDeadLetters(2);
    const { MessageId } = await target.send(url, "poison");
    await exhaust(url, 2);
    const [dead] = await target.receive(deadUrl, { WaitTimeSeconds: 20 });
    expect(dead).toMatchObject({ MessageId, Body: "poison" });
    expect(dead?.Attributes?.DeadLetterQueueSourceArn).toBe((await target.attributes(url)).QueueArn);
  });

  test("names the queues it serves", async () => {
    const { url, deadUrl } = await withDeadLetters(1);
    const list = () => target.client.send(new ListDeadLetterSourceQueuesCommand({ QueueUrl: deadUrl }));
    const { queueUrls } = await eventually(list, (response) => (response.queueUrls ?? []).length > 0);
    expect(queueUrls).toEqual([url]);
  });

  test("redrives its messages to their source queue, with a new receive count", async () => {
    const { url, deadUrl } = await withDeadLetters(1);
    await target.send(url, "again");
    await exhaust(url, 1);
    const count = async () => (await target.attributes(deadUrl)).ApproximateNumberOfMessages;
    await eventually(count, (now) => now === "1");
    await target.client.send(
      new StartMessageMoveTaskCommand({ SourceArn: (await target.attributes(deadUrl)).QueueArn }),
    );
    const [back] = await target.receive(url, { WaitTimeSeconds: 20 });
    expect([back?.Body, back?.Attributes?.ApproximateReceiveCount]).toEqual(["again", "1"]);
  });
});

describe("an unsupported queue feature", () => {
  test("is refused by name: settings and message attributes", async () => {
    const url = await target.create();
    const ask = (AttributeNames: unknown) =>
      target.client.send(
        new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: AttributeNames as QueueAttributeName[] }),
      );
    expect((await ask(["VisibilityTimeout", "KmsMasterKeyId"])).Attributes).toEqual({ VisibilityTimeout: "30" });
    await expect(ask(["VisibilityTimeout", "NoSuchThing"])).rejects.toMatchObject({ name: "InvalidAttributeName" });
    await expect(target.receive(url, { MessageSystemAttributeNames: ["NoSuchThing" as "All"] })).rejects.toMatchObject({
      name: "InvalidAttributeName",
    });
  });

  test("is refused where it is for FIFO queues only; a group is for both", async () => {
    const url = await target.create();
    await expect(target.send(url, "x", { MessageDeduplicationId: "once" })).rejects.toMatchObject({
      name: "InvalidParameterValue",
    });
    await expect(target.receive(url, { ReceiveRequestAttemptId: "once" })).rejects.toMatchObject({
      name: "InvalidParameterValue",
    });
    const entries = await target.client.send(
      new SendMessageBatchCommand({
        QueueUrl: url,
        Entries: [
          { Id: "1", MessageBody: "one" },
          { Id: "2", MessageBody: "two", MessageDeduplicationId: "once" },
        ],
      }),
    );
    expect(entries.Failed).toMatchObject([{ Id: "2", SenderFault: true, Code: "InvalidParameterValue" }]);
    await target.send(url, "fair", { MessageGroupId: "tenant" });
    await expect(target.send(url, "x", { MessageGroupId: "ä".repeat(3) })).rejects.toMatchObject({
      name: "InvalidParameterValue",
    });
  });
});

describe("a standard queue whose messages have groups", () => {
  test("delivers a group with few messages in flight before another's backlog", async () => {
    const url = await target.create();
    for (let at = 1; at <= 12; at += 1) await target.send(url, `busy ${at}`, { MessageGroupId: "busy" });
    await target.send(url, "quiet", { MessageGroupId: "quiet" });
    await target.send(url, "of no group");
    const first = await target.receive(url, { MaxNumberOfMessages: 1 });
    const next = await target.receive(url, { MaxNumberOfMessages: 3 });
    expect([bodies(first), bodies(next)]).toEqual([["busy 1"], ["quiet", "of no group", "busy 2"]]);
    const rest = await target.receive(url, { MaxNumberOfMessages: 10 });
    expect(bodies(rest)).toEqual(Array.from({ length: 10 }, (_, at) => `busy ${at + 3}`));
  });
});

describe("a FIFO queue", () => {
  const fifo = (ContentBasedDeduplication = "true") =>
    target.create({ FifoQueue: "true", ContentBasedDeduplication }, ".fifo");

  test("keeps the order of each group, and blocks a group while one of its messages is in flight", async () => {
    const url = await fifo();
    for (const [MessageGroupId, body] of [
      ["a", "a1"],
      ["a", "a2"],
      ["b", "b1"],
    ] as const)
      await target.send(url, body, { MessageGroupId });
    const [first] = await target.receive(url);
    expect(first?.Body).toBe("a1");
    expect(bodies(await target.receive(url, { MaxNumberOfMessages: 10 }))).toEqual(["b1"]);
    expect(await target.receiveNow(url)).toEqual([]);
    await target.remove(url, first);
    expect(bodies(await target.receive(url))).toEqual(["a2"]);
  });

  test("deduplicates a message that is sent twice within minutes", async () => {
    const url = await fifo("false");
    const more = { MessageGroupId: "g", MessageDeduplicationId: "job-1" };
    const first = await target.send(url, "x", more);
    const second = await target.send(url, "x", more);
    expect([second.MessageId, second.SequenceNumber]).toEqual([first.MessageId, first.SequenceNumber]);
    const [message] = await target.receive(url, { MaxNumberOfMessages: 10 });
    await target.remove(url, message);
    await target.send(url, "x", more);
    expect(await target.receiveNow(url, { MaxNumberOfMessages: 10 })).toEqual([]);
  });

  test("refuses a message without a group or a deduplication id", async () => {
    const url = await fifo("false");
    await expect(target.send(url, "x")).rejects.toMatchObject({ name: "MissingParameter" });
    await expect(target.send(url, "x", { MessageGroupId: "g" })).rejects.toMatchObject({
      name: "InvalidParameterValue",
    });
  });
});
