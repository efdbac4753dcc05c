/** Polls one queue and gives its messages to a function, as Lambda's event source mapping does. */
import { retry } from "@redline/core/platform/retry";
import type { SQSBatchResponse, SQSEvent, SQSMessageAttributes, SQSRecord } from "aws-lambda";
import { LOCAL_REGION } from "../credentials";
import { queueArn } from "../sqs/queue";
import type { CloudClient } from "./cloud-client";
import type { QueueTriggerConfig } from "./functions";
import type { Outcome } from "./handler";
import { InFlightTracker, retryForever } from "./in-flight";

/**
 * For this long a message stays hidden when its worker dies; while the worker lives it keeps hiding it. AWS hides it for
 * the queue's whole visibility timeout, which is half an hour too long for someone who waits for the one machine.
 */
const HIDDEN_S = 15;
const HIDE_AGAIN_MS = 5_000;
const POLL_S = 20;
const DELETING = { attempts: 3, firstPauseMs: 20, longestPauseMs: 200, isRetryable: () => true };

interface Message {
  MessageId: string;
  ReceiptHandle: string;
  Body: string;
  MD5OfBody: string;
  Attributes?: Record<string, string>;
  MessageAttributes?: Record<string, { DataType: string; StringValue?: string; BinaryValue?: string }>;
}

export interface QueueTriggerOptions {
  client: CloudClient;
  config: QueueTriggerConfig;
  invoke: (event: SQSEvent) => Promise<Outcome>;
  /** Delay before a failed message is retried. */
  retryDelayS: number;
}

export class QueueTrigger {
  readonly activity = new InFlightTracker();
  private readonly stopping = new AbortController();
  private readonly held = new Set<string>();
  private readonly url: string;
  private slots: number;
  private slotFreed = () => {};
  private loop: Promise<void> | undefined;

  constructor(private readonly options: QueueTriggerOptions) {
    this.url = `${options.client.endpoints.sqs}/${options.config.queue}`;
    this.slots = options.config.concurrency;
  }

  start(): void {
    this.loop = retryForever(`polling ${this.options.config.queue}`, () => this.receive(), this.stopping.signal);
  }

  /** Takes no more messages; what runs goes on. */
  async stop(): Promise<void> {
    this.stopping.abort();
    this.slotFreed();
    await this.loop;
  }

  /** Gives back what is not finished, so that the next worker need not wait for it. */
  async giveBack(): Promise<void> {
    await this.hide([...this.held], 0).catch(() => undefined);
  }

  /** True when the queue has no message at all, also none that is hidden. */
  async isEmpty(): Promise<boolean> {
    const { Attributes = {} } = await this.options.client.sqs<{ Attributes?: Record<string, string> }>(
      "GetQueueAttributes",
      { QueueUrl: this.url, AttributeNames: ["All"] },
    );
    return Object.entries(Attributes).every(([name, count]) => !name.startsWith("Approximate") || count === "0");
  }

  private async receive(): Promise<void> {
    while (this.slots === 0 && !this.stopping.signal.aborted)
      await new Promise<void>((resolve) => {
        this.slotFreed = resolve;
      });
    if (this.stopping.signal.aborted) return;
    const { client, config } = this.options;
    const { Messages = [] } = await client.sqs<{ Messages?: Message[] }>(
      "ReceiveMessage",
      {
        QueueUrl: this.url,
        MaxNumberOfMessages: config.batchSize,
        WaitTimeSeconds: POLL_S,
        VisibilityTimeout: HIDDEN_S,
        MessageSystemAttributeNames: ["All"],
        MessageAttributeNames: ["All"],
      },
      this.stopping.signal,
    );
    if (Messages.length === 0) return;
    this.slots--;
    void this.activity.track(
      this.work(Messages).finally(() => {
        this.slots++;
        this.slotFreed();
      }),
    );
  }

  /** Never rejects: what goes wrong here makes a message come again, which every consumer expects. */
  private async work(messages: Message[]): Promise<void> {
    const receipts = messages.map(({ ReceiptHandle }) => ReceiptHandle);
    for (const receipt of receipts) this.held.add(receipt);
    const hiding = setInterval(() => void this.hide(receipts, HIDDEN_S).catch(() => undefined), HIDE_AGAIN_MS);
    try {
      const outcome = await this.options.invoke(this.eventOf(messages));
      const failed = failedIds(outcome, messages);
      clearInterval(hiding);
      const [bad, good] = [true, false].map((isBad) =>
        messages.filter(({ MessageId }) => failed.has(MessageId) === isBad).map(({ ReceiptHandle }) => ReceiptHandle),
      );
      await this.delete(good ?? []);
      await this.hide(bad ?? [], this.options.retryDelayS);
    } catch {
      // The cloud was away. The messages come again when their hiding ends.
    } finally {
      clearInterval(hiding);
      for (const receipt of receipts) this.held.delete(receipt);
    }
  }

  /** Tries a few times: a message that is done and not deleted does its work twice. */
  private async delete(receipts: string[]): Promise<void> {
    if (receipts.length === 0) return;
    const Entries = receipts.map((ReceiptHandle, index) => ({ Id: String(index), ReceiptHandle }));
    await retry(() => this.options.client.sqs("DeleteMessageBatch", { QueueUrl: this.url, Entries }), DELETING);
  }

  private async hide(receipts: string[], VisibilityTimeout: number): Promise<void> {
    if (receipts.length === 0) return;
    // More than one batch may be held when everything is given back.
    for (let first = 0; first < receipts.length; first += 10) {
      const Entries = receipts
        .slice(first, first + 10)
        .map((ReceiptHandle, index) => ({ Id: String(index), ReceiptHandle, VisibilityTimeout }));
      await this.options.client.sqs("ChangeMessageVisibilityBatch", { QueueUrl: this.url, Entries });
    }
  }

  private eventOf(messages: Message[]): SQSEvent {
    return { Records: messages.map((message) => recordOf(message, this.options.config.queue)) };
  }
}

function recordOf(message: Message, queue: string): SQSRecord {
  const { ApproximateReceiveCount = "1", SentTimestamp = "0", SenderId = "", ...others } = message.Attributes ?? {};
  const { ApproximateFirstReceiveTimestamp = SentTimestamp, ...more } = others;
  return {
    messageId: message.MessageId,
    receiptHandle: message.ReceiptHandle,
    body: message.Body,
    attributes: { ApproximateReceiveCount, SentTimestamp, SenderId, ApproximateFirstReceiveTimestamp, ...more },
    messageAttributes: Object.fromEntries(
      Object.entries(message.MessageAttributes ?? {}).map(([name, { DataType, StringValue, BinaryValue }]) => [
        name,
        {
          stringValue: StringValue,
          binaryValue: BinaryValue,
          stringListValues: [],
          binaryListValues: [],
          dataType: DataType as SQSMessageAttributes[string]["dataType"],
        },
      ]),
    ),
    md5OfBody: message.MD5OfBody,
    eventSource: "aws:sqs",
    eventSourceARN: queueArn(queue),
    awsRegion: LOCAL_REGION,
  };
}

/** All of them when the function failed or names a message that it was not given, as on AWS. */
function failedIds(outcome: Outcome, messages: Message[]): Set<string> {
  const all = new Set(messages.map(({ MessageId }) => MessageId));
  if (!outcome.ok) return all;
  const named = (outcome.result as Partial<SQSBatchResponse> | null)?.batchItemFailures ?? [];
  const failed = new Set(named.map(({ itemIdentifier }) => itemIdentifier));
  return [...failed].every((id) => all.has(id)) ? failed : all;
}
