/** Queues and messages: what the SQS client with default settings may rely on. */
import {
  ChangeMessageVisibilityBatchCommand,
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  DeleteQueueCommand,
  GetQueueUrlCommand,
  ListDeadLetterSourceQueuesCommand,
  ListQueuesCommand,
  type Message,
  PurgeQueueCommand,
  QueueDoesNotExist,
  ReceiveMessageCommand,
  type ReceiveMessageCommandInput,
  SendMessageBatchCommand,
  SendMessageCommand,
  type SendMessageCommandInput,
  SetQueueAttributesCommand,
  StartMessageMoveTaskCommand,
} from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { eventually } from "../support/conformance";
import { type SqsTarget, startSqsTarget } from "../support/sqs-target";

let target: SqsTarget;

beforeAll(async () => {
  target = await startSqsTarget();
});

afterAll(() => target.close());

const send = (QueueUrl: string, MessageBody: string, more: Partial<SendMessageCommandInput> = {}) =>
  target.client.send(new SendMessageCommand({ QueueUrl, MessageBody, ...more }));

/** Waits up to 2 s for a message unless said otherwise. */
async function receive(QueueUrl: string, more: Partial<ReceiveMessageCommandInput> = {}): Promise<Message[]> {
  const { Messages = [] } = await target.client.send(
    new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 2, MessageSystemAttributeNames: ["All"], ...more }),
  );
  return Messages;
}

const receiveNow = (QueueUrl: string, more: Partial<ReceiveMessageCommandInput> = {}) =>
  receive(QueueUrl, { WaitTimeSeconds: 0, ...more });
const remove = (QueueUrl: string, message: Message | undefined) =>
  target.client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: message?.ReceiptHandle }));
const hide = (QueueUrl: string, message: Message | undefined, VisibilityTimeout: number) =>
  target.client.send(
    new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle: message?.ReceiptHandle, VisibilityTimeout }),
  );
const arnOf = async (queueUrl: string) => (await target.attributes(queueUrl)).QueueArn ?? "";
const bodies = (messages: Message[]) => messages.map(({ Body }) => Body);

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
  });

  test("counts what is visible, out, and delayed", async () => {
    const url = await target.create();
    await send(url, "out");
    await receive(url);
    await send(url, "visible");
    await send(url, "delayed", { DelaySeconds: 60 });
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
    await send(url, "a");
    await target.client.send(new PurgeQueueCommand({ QueueUrl: url }));
    expect(
      await eventually(
        () => receiveNow(url),
        ({ length }) => length === 0,
      ),
    ).toEqual([]);
    const doomed = await target.create();
    await target.client.send(new DeleteQueueCommand({ QueueUrl: doomed }));
    const gone = await eventually(
      () =>
        send(doomed, "a").then(
          () => undefined,
          (error: unknown) => error,
        ),
      (error) => error !== undefined,
      70_000,
    );
    expect(gone).toBeInstanceOf(QueueDoesNotExist);
  });
});

describe("a message", () => {
  test("arrives with its body, attributes and what the system knows of it", async () => {
    const url = await target.create();
    const sent = await send(url, "héllo\n<&>", {
      MessageAttributes: {
        text: { DataType: "String", StringValue: "v" },
        number: { DataType: "Number.int", StringValue: "12" },
        bytes: { DataType: "Binary", BinaryValue: new Uint8Array([0, 1, 255]) },
      },
    });
    const [message] = await receive(url, { MessageAttributeNames: ["All"] });
    expect(message).toMatchObject({
      MessageId: sent.MessageId,
      Body: "héllo\n<&>",
      MD5OfBody: sent.MD5OfMessageBody,
      MD5OfMessageAttributes: sent.MD5OfMessageAttributes,
      MessageAttributes: { text: { StringValue: "v" }, number: { DataType: "Number.int", StringValue: "12" } },
      Attributes: { ApproximateReceiveCount: "1", SentTimestamp: expect.stringMatching(/^\d{13}$/) },
    });
    expect([...(message?.MessageAttributes?.bytes?.BinaryValue ?? [])]).toEqual([0, 1, 255]);
  });

  test("shows only the attributes that were asked for", async () => {
    const url = await target.create({ VisibilityTimeout: "0" });
    const text = { DataType: "String", StringValue: "v" };
    await send(url, "x", { MessageAttributes: { "a.one": text, "a.two": text, b: text } });
    const namesFor = async (MessageAttributeNames: string[] | undefined) => {
      const [message] = await receive(url, { MessageAttributeNames });
      return Object.keys(message?.MessageAttributes ?? {}).sort();
    };
    expect(await namesFor(undefined)).toEqual([]);
    expect(await namesFor(["b"])).toEqual(["b"]);
    expect(await namesFor(["a.*"])).toEqual(["a.one", "a.two"]);
  });

  test("is refused when it is empty, too large or not text", async () => {
    const url = await target.create({ MaximumMessageSize: "1024" });
    await expect(send(url, "")).rejects.toMatchObject({ name: "MissingParameter" });
    await expect(send(url, "x".repeat(1_025))).rejects.toMatchObject({ name: "InvalidParameterValue" });
    await expect(send(url, "\u0000")).rejects.toMatchObject({ name: "InvalidMessageContents" });
  });

  test("is hidden from others once received, and comes again when nobody deletes it", async () => {
    const url = await target.create({ VisibilityTimeout: "1" });
    await send(url, "x");
    const [first] = await receive(url);
    expect(await receiveNow(url)).toEqual([]);
    const [second] = await receive(url, { WaitTimeSeconds: 5 });
    expect(second?.MessageId).toBe(first?.MessageId);
    expect(second?.Attributes?.ApproximateReceiveCount).toBe("2");
    expect(second?.ReceiptHandle).not.toBe(first?.ReceiptHandle);
  });

  test("is gone once deleted, and may be deleted again", async () => {
    const url = await target.create({ VisibilityTimeout: "1" });
    await send(url, "x");
    const [message] = await receive(url);
    await remove(url, message);
    await remove(url, message);
    expect(await receive(url)).toEqual([]);
  });

  test("cannot be deleted with a handle that never was", async () => {
    const url = await target.create();
    await expect(remove(url, { ReceiptHandle: "nonsense" })).rejects.toMatchObject({ name: "ReceiptHandleIsInvalid" });
  });

  test("may be hidden longer, or shown at once", async () => {
    const url = await target.create({ VisibilityTimeout: "1" });
    await send(url, "x");
    const [message] = await receive(url);
    await hide(url, message, 30);
    expect(await receive(url)).toEqual([]);
    await hide(url, message, 0);
    expect(bodies(await receive(url))).toEqual(["x"]);
  });

  test("may be delayed, by itself or by its queue", async () => {
    const url = await target.create();
    await send(url, "late", { DelaySeconds: 1 });
    expect(await receiveNow(url)).toEqual([]);
    expect(bodies(await receive(url, { WaitTimeSeconds: 5 }))).toEqual(["late"]);
    const slow = await target.create({ DelaySeconds: "1" });
    await send(slow, "late too");
    expect(await receiveNow(slow)).toEqual([]);
    expect(bodies(await receive(slow, { WaitTimeSeconds: 5 }))).toEqual(["late too"]);
  });
});

describe("a poll", () => {
  test("waits, and ends at once when a message is sent", async () => {
    const url = await target.create();
    const polling = receive(url, { WaitTimeSeconds: 20 });
    await new Promise((resolve) => setTimeout(resolve, 200));
    await send(url, "x");
    expect(bodies(await polling)).toEqual(["x"]);
  });

  test("that the caller gives up swallows no message", async () => {
    const url = await target.create();
    for (let round = 0; round < 5; round++) {
      const caller = new AbortController();
      const command = new ReceiveMessageCommand({ QueueUrl: url, WaitTimeSeconds: 20 });
      const given = target.client.send(command, { abortSignal: caller.signal }).catch(({ name }) => name);
      await new Promise((resolve) => setTimeout(resolve, 60));
      caller.abort();
      expect(await given).toBe("AbortError");
      await send(url, `message ${round}`);
      const [message] = await receive(url);
      expect([message?.Body, message?.Attributes?.ApproximateReceiveCount]).toEqual([`message ${round}`, "1"]);
      await remove(url, message);
    }
  });

  test("of many callers gives each message to one of them", async () => {
    const url = await target.create();
    const sent = Array.from({ length: 40 }, (_, index) => `message ${index}`);
    const seen: (string | undefined)[] = [];
    const pollers = Array.from({ length: 8 }, async () => {
      while (seen.length < sent.length) {
        const messages = await receive(url, { MaxNumberOfMessages: 3, WaitTimeSeconds: 1 });
        seen.push(...bodies(messages));
        for (const message of messages) await remove(url, message);
      }
    });
    await Promise.all(sent.map((body) => send(url, body)));
    await Promise.all(pollers);
    expect([...seen].sort()).toEqual([...sent].sort());
  });
});

describe("a batch", () => {
  test("sends, hides and deletes up to ten, each with its own result", async () => {
    const url = await target.create({ MaximumMessageSize: "1024" });
    const Entries = Array.from({ length: 10 }, (_, index) => ({
      Id: `entry-${index}`,
      MessageBody: index === 3 ? "x".repeat(2_000) : `message ${index}`,
    }));
    const sent = await target.client.send(new SendMessageBatchCommand({ QueueUrl: url, Entries }));
    expect(sent.Successful).toHaveLength(9);
    expect(sent.Failed).toMatchObject([{ Id: "entry-3", SenderFault: true, Code: "InvalidParameterValue" }]);
    const messages: Message[] = [];
    while (messages.length < 9) messages.push(...(await receive(url, { MaxNumberOfMessages: 10 })));
    const handles = messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
    const hidden = await target.client.send(
      new ChangeMessageVisibilityBatchCommand({
        QueueUrl: url,
        Entries: handles.map((entry) => ({ ...entry, VisibilityTimeout: 60 })),
      }),
    );
    expect(hidden.Successful).toHaveLength(9);
    const deleted = await target.client.send(
      new DeleteMessageBatchCommand({ QueueUrl: url, Entries: [...handles, { Id: "bad", ReceiptHandle: "nonsense" }] }),
    );
    expect(deleted.Successful).toHaveLength(9);
    expect(deleted.Failed).toMatchObject([{ Id: "bad", Code: "ReceiptHandleIsInvalid" }]);
  });

  test.each([
    ["of none", 0, "EmptyBatchRequest"],
    ["of eleven", 11, "TooManyEntriesInBatchRequest"],
  ])("%s is refused", async (_, length, name) => {
    const url = await target.create();
    const Entries = Array.from({ length }, (_, index) => ({ Id: String(index), MessageBody: "x" }));
    const command = new SendMessageBatchCommand({ QueueUrl: url, Entries });
    await expect(target.client.send(command)).rejects.toMatchObject({ name });
  });

  test("with one id twice is refused", async () => {
    const url = await target.create();
    const Entries = [1, 2].map(() => ({ Id: "same", MessageBody: "x" }));
    const command = new SendMessageBatchCommand({ QueueUrl: url, Entries });
    await expect(target.client.send(command)).rejects.toMatchObject({ name: "BatchEntryIdsNotDistinct" });
  });
});

describe("a dead-letter queue", () => {
  const withDeadLetters = async (maxReceiveCount: number) => {
    const deadUrl = await target.create();
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: await arnOf(deadUrl), maxReceiveCount });
    return { deadUrl, url: await target.create({ VisibilityTimeout: "0", RedrivePolicy }) };
  };
  const exhaust = async (url: string, times: number) => {
    for (let time = 0; time < times; time++) expect(await receive(url)).toHaveLength(1);
    expect(await receiveNow(url)).toEqual([]);
  };

  test("gets a message whose receives ran out, with where it came from", async () => {
    const { url, deadUrl } = await withDeadLetters(2);
    const { MessageId } = await send(url, "poison");
    await exhaust(url, 2);
    const [dead] = await receive(deadUrl, { WaitTimeSeconds: 20 });
    expect(dead).toMatchObject({ MessageId, Body: "poison" });
    expect(dead?.Attributes?.DeadLetterQueueSourceArn).toBe(await arnOf(url));
  });

  test("names the queues it serves", async () => {
    const { url, deadUrl } = await withDeadLetters(1);
    const list = () => target.client.send(new ListDeadLetterSourceQueuesCommand({ QueueUrl: deadUrl }));
    const { queueUrls } = await eventually(list, (answer) => (answer.queueUrls ?? []).length > 0);
    expect(queueUrls).toEqual([url]);
  });

  test("gives its messages back to where they came from, to be tried anew", async () => {
    const { url, deadUrl } = await withDeadLetters(1);
    await send(url, "again");
    await exhaust(url, 1);
    const count = async () => (await target.attributes(deadUrl)).ApproximateNumberOfMessages;
    await eventually(count, (now) => now === "1");
    await target.client.send(new StartMessageMoveTaskCommand({ SourceArn: await arnOf(deadUrl) }));
    const [back] = await receive(url, { WaitTimeSeconds: 20 });
    expect([back?.Body, back?.Attributes?.ApproximateReceiveCount]).toEqual(["again", "1"]);
  });
});

describe("a FIFO queue", () => {
  const fifo = (ContentBasedDeduplication = "true") =>
    target.create({ FifoQueue: "true", ContentBasedDeduplication }, ".fifo");

  test("keeps the order of each group and holds a group while one of its messages is out", async () => {
    const url = await fifo();
    for (const [MessageGroupId, body] of [
      ["a", "a1"],
      ["a", "a2"],
      ["b", "b1"],
    ] as const)
      await send(url, body, { MessageGroupId });
    const [first] = await receive(url);
    expect(first?.Body).toBe("a1");
    expect(bodies(await receive(url, { MaxNumberOfMessages: 10 }))).toEqual(["b1"]);
    expect(await receiveNow(url)).toEqual([]);
    await remove(url, first);
    expect(bodies(await receive(url))).toEqual(["a2"]);
  });

  test("takes a message that is sent twice within minutes once", async () => {
    const url = await fifo("false");
    const more = { MessageGroupId: "g", MessageDeduplicationId: "job-1" };
    const first = await send(url, "x", more);
    const second = await send(url, "x", more);
    expect([second.MessageId, second.SequenceNumber]).toEqual([first.MessageId, first.SequenceNumber]);
    const [message] = await receive(url, { MaxNumberOfMessages: 10 });
    await remove(url, message);
    await send(url, "x", more);
    expect(await receiveNow(url, { MaxNumberOfMessages: 10 })).toEqual([]);
  });

  test("refuses a message without a group, or without anything to know it by", async () => {
    const url = await fifo("false");
    await expect(send(url, "x")).rejects.toMatchObject({ name: "MissingParameter" });
    await expect(send(url, "x", { MessageGroupId: "g" })).rejects.toMatchObject({ name: "InvalidParameterValue" });
  });
});
