/** Messages and polls: what the SQS client with default settings may rely on. */
import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
} from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bodies, type SqsTarget, startSqsTarget } from "../support/sqs-target";

let target: SqsTarget;

beforeAll(async () => {
  target = await startSqsTarget();
});

afterAll(() => target.close());

describe("a message", () => {
  test("arrives with its body, attributes and system attributes", async () => {
    const url = await target.create();
    const sent = await target.send(url, "héllo\n<&>", {
      MessageAttributes: {
        text: { DataType: "String", StringValue: "v" },
        number: { DataType: "Number.int", StringValue: "12" },
        bytes: { DataType: "Binary", BinaryValue: new Uint8Array([0, 1, 255]) },
      },
    });
    const [message] = await target.receive(url, { MessageAttributeNames: ["All"] });
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

  test("keeps its trace header beside its own attributes, and accepts no other system attribute", async () => {
    const url = await target.create();
    const StringValue = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1";
    const trace = { DataType: "String", StringValue };
    await target.send(url, "x", { MessageSystemAttributes: { AWSTraceHeader: trace } });
    const [message] = await target.receive(url, { MessageSystemAttributeNames: ["AWSTraceHeader"] });
    expect([message?.Attributes, message?.MessageAttributes]).toEqual([{ AWSTraceHeader: StringValue }, undefined]);
    const others = { SenderId: trace } as never;
    await expect(target.send(url, "x", { MessageSystemAttributes: others })).rejects.toMatchObject({
      name: "InvalidParameterValue",
    });
  });

  test("shows only the attributes that were asked for", async () => {
    const url = await target.create({ VisibilityTimeout: "0" });
    const text = { DataType: "String", StringValue: "v" };
    await target.send(url, "x", { MessageAttributes: { "a.one": text, "a.two": text, b: text } });
    const namesFor = async (MessageAttributeNames: string[] | undefined) => {
      const [message] = await target.receive(url, { MessageAttributeNames });
      return Object.keys(message?.MessageAttributes ?? {}).sort();
    };
    expect(await namesFor(undefined)).toEqual([]);
    expect(await namesFor(["b"])).toEqual(["b"]);
    expect(await namesFor(["a.*"])).toEqual(["a.one", "a.two"]);
  });

  test("is refused when it is empty, too large or not text", async () => {
    const url = await target.create({ MaximumMessageSize: "1024" });
    await expect(target.send(url, "")).rejects.toMatchObject({ name: "MissingParameter" });
    await expect(target.send(url, "x".repeat(1_025))).rejects.toMatchObject({ name: "InvalidParameterValue" });
    await expect(target.send(url, "\u0000")).rejects.toMatchObject({ name: "InvalidMessageContents" });
  });

  test("is hidden from others once received, and redelivered unless it is deleted", async () => {
    const url = await target.create({ VisibilityTimeout: "1" });
    await target.send(url, "x");
    const [first] = await target.receive(url);
    expect(await target.receiveNow(url)).toEqual([]);
    const [second] = await target.receive(url, { WaitTimeSeconds: 5 });
    expect(second?.MessageId).toBe(first?.MessageId);
    expect(second?.Attributes?.ApproximateReceiveCount).toBe("2");
    expect(second?.ReceiptHandle).not.toBe(first?.ReceiptHandle);
  });

  test("is gone once deleted, and may be deleted again", async () => {
    const url = await target.create({ VisibilityTimeout: "1" });
    await target.send(url, "x");
    const [message] = await target.receive(url);
    await target.remove(url, message);
    await target.remove(url, message);
    expect(await target.receive(url)).toEqual([]);
  });

  test("cannot be deleted with an unknown handle", async () => {
    const url = await target.create();
    await expect(target.remove(url, { ReceiptHandle: "nonsense" })).rejects.toMatchObject({
      name: "ReceiptHandleIsInvalid",
    });
  });

  test("can have its visibility timeout extended, or ended", async () => {
    const url = await target.create({ VisibilityTimeout: "1" });
    await target.send(url, "x");
    const [message] = await target.receive(url);
    await target.hide(url, message, 30);
    expect(await target.receive(url)).toEqual([]);
    await target.hide(url, message, 0);
    expect(bodies(await target.receive(url))).toEqual(["x"]);
  });

  test("may be delayed, by itself or by its queue", async () => {
    const url = await target.create();
    await target.send(url, "late", { DelaySeconds: 1 });
    expect(await target.receiveNow(url)).toEqual([]);
    expect(bodies(await target.receive(url, { WaitTimeSeconds: 5 }))).toEqual(["late"]);
    const slow = await target.create({ DelaySeconds: "1" });
    await target.send(slow, "late too");
    expect(await target.receiveNow(slow)).toEqual([]);
    expect(bodies(await target.receive(slow, { WaitTimeSeconds: 5 }))).toEqual(["late too"]);
  });
});

describe("a poll", () => {
  test("waits, and ends at once when a message is sent", async () => {
    const url = await target.create();
    const polling = target.receive(url, { WaitTimeSeconds: 20 });
    await new Promise((resolve) => setTimeout(resolve, 200));
    await target.send(url, "x");
    expect(bodies(await polling)).toEqual(["x"]);
  });

  test("that the caller aborts loses no message", async () => {
    const url = await target.create();
    for (let round = 0; round < 5; round++) {
      const caller = new AbortController();
      const command = new ReceiveMessageCommand({ QueueUrl: url, WaitTimeSeconds: 20 });
      const given = target.client.send(command, { abortSignal: caller.signal }).catch(({ name }) => name);
      await new Promise((resolve) => setTimeout(resolve, 60));
      caller.abort();
      expect(await given).toBe("AbortError");
      await target.send(url, `message ${round}`);
      const [message] = await target.receive(url);
      expect([message?.Body, message?.Attributes?.ApproximateReceiveCount]).toEqual([`message ${round}`, "1"]);
      await target.remove(url, message);
    }
  });

  test("of many callers gives each message to one of them", async () => {
    const url = await target.create();
    const sent = Array.from({ length: 40 }, (_, index) => `message ${index}`);
    const seen: (string | undefined)[] = [];
    const pollers = Array.from({ length: 8 }, async () => {
      while (seen.length < sent.length) {
        const messages = await target.receive(url, { MaxNumberOfMessages: 3, WaitTimeSeconds: 1 });
        seen.push(...bodies(messages));
        for (const message of messages) await target.remove(url, message);
      }
    });
    await Promise.all(sent.map((body) => target.send(url, body)));
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
    while (messages.length < 9) messages.push(...(await target.receive(url, { MaxNumberOfMessages: 10 })));
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
