/** Queues as an operator sees them: how much is in them, what failed for good and why, and putting that back. */
import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
} from "@aws-sdk/client-sqs";
import { sqs } from "./clients";
import { resources } from "./resources";

/** The queues that have a worker, each with its dead letters. */
const QUEUES = {
  review: () => ({ url: resources.ReviewQueue.url, deadUrl: resources.ReviewDeadQueue.url }),
};

export type QueueName = keyof typeof QUEUES;
export const QUEUE_NAMES = Object.keys(QUEUES) as QueueName[];

/** `inFlight` are held by a worker, or were by one that died; they come back when their time is up. */
export type QueueCounts = { waiting: number; inFlight: number };

/** `reason` is null where the worker died or ran out of time: then nobody was left to write one down. */
export type DeadLetter = { id: string; body: string; reason: string | null; sentAt: string };

/** Held for a moment, so that the next read gives others; given back at once afterwards. */
const LOOK_SECONDS = 5;
/** Longer than moving all that one redrive takes. */
const MOVE_SECONDS = 60;
const PAGE = 10;
/** Letters that one look reads and one redrive moves. */
export const MAX_LETTERS = 100;

export async function queueCounts(name: QueueName): Promise<{ jobs: QueueCounts; dead: QueueCounts }> {
  const { url, deadUrl } = QUEUES[name]();
  const [jobs, dead] = await Promise.all([countsOf(url), countsOf(deadUrl)]);
  return { jobs, dead };
}

async function countsOf(QueueUrl: string): Promise<QueueCounts> {
  const { Attributes = {} } = await sqs().send(
    new GetQueueAttributesCommand({
      QueueUrl,
      AttributeNames: [
        "ApproximateNumberOfMessages",
        "ApproximateNumberOfMessagesDelayed",
        "ApproximateNumberOfMessagesNotVisible",
      ],
    }),
  );
  const count = (text = "0") => Number(text);
  return {
    waiting: count(Attributes.ApproximateNumberOfMessages) + count(Attributes.ApproximateNumberOfMessagesDelayed),
    inFlight: count(Attributes.ApproximateNumberOfMessagesNotVisible),
  };
}

/** The dead letters, oldest first, at most 100. Those that somebody else reads at this moment are missing. */
export async function readDeadLetters(name: QueueName): Promise<DeadLetter[]> {
  const { deadUrl } = QUEUES[name]();
  const held = await take(deadUrl, LOOK_SECONDS);
  await giveBack(deadUrl, held);
  return held.map(letterOf).sort((a, b) => a.sentAt.localeCompare(b.sentAt));
}

function letterOf({ MessageId = "", Body = "", Attributes, MessageAttributes }: Message): DeadLetter {
  return {
    id: MessageId,
    body: Body,
    reason: MessageAttributes?.reason?.StringValue ?? null,
    sentAt: new Date(Number(Attributes?.SentTimestamp ?? 0)).toISOString(),
  };
}

/**
 * Puts dead letters back on their queue, at most 100, or the one with this id; returns how many. A letter is removed
 * only after its job was sent: whoever dies in between leaves both, and doing a job twice has one effect.
 */
export async function redriveLetters(name: QueueName, id?: string): Promise<number> {
  const { url, deadUrl } = QUEUES[name]();
  // All are taken before the first is sent: one that fails again at once would otherwise go round for ever.
  const held = await take(deadUrl, MOVE_SECONDS);
  const [chosen, others] = [true, false].map((isChosen) =>
    held.filter(({ MessageId }) => (id === undefined || MessageId === id) === isChosen),
  ) as [Message[], Message[]];
  await giveBack(deadUrl, others);
  let moved = 0;
  for (const page of pages(chosen)) {
    const { Failed = [] } = await sqs().send(
      new SendMessageBatchCommand({
        QueueUrl: url,
        Entries: page.map(({ Body }, at) => ({ Id: String(at), MessageBody: Body })),
      }),
    );
    const unsent = new Set(Failed.map(({ Id }) => Number(Id)));
    await giveBack(
      deadUrl,
      page.filter((_, at) => unsent.has(at)),
    );
    const sent = page.filter((_, at) => !unsent.has(at));
    if (sent.length === 0) continue;
    await sqs().send(new DeleteMessageBatchCommand({ QueueUrl: deadUrl, Entries: entriesOf(sent) }));
    moved += sent.length;
  }
  return moved;
}

/** Takes what is there, each message once, until nothing more comes. */
async function take(QueueUrl: string, VisibilityTimeout: number): Promise<Message[]> {
  const held = new Map<string, Message>();
  while (held.size < MAX_LETTERS) {
    const { Messages = [] } = await sqs().send(
      new ReceiveMessageCommand({
        QueueUrl,
        VisibilityTimeout,
        MaxNumberOfMessages: PAGE,
        MessageSystemAttributeNames: ["SentTimestamp"],
        MessageAttributeNames: ["reason"],
      }),
    );
    const before = held.size;
    for (const message of Messages) held.set(message.MessageId ?? "", message);
    if (held.size === before) break;
  }
  return [...held.values()];
}

/** Shows them to others again. What fails here shows again by itself, later. */
async function giveBack(QueueUrl: string, messages: Message[]): Promise<void> {
  for (const page of pages(messages)) {
    await sqs().send(
      new ChangeMessageVisibilityBatchCommand({
        QueueUrl,
        Entries: entriesOf(page).map((entry) => ({ ...entry, VisibilityTimeout: 0 })),
      }),
    );
  }
}

const entriesOf = (messages: Message[]) =>
  messages.map(({ ReceiptHandle }, at) => ({ Id: String(at), ReceiptHandle: ReceiptHandle ?? "" }));

const pages = <T>(items: T[]): T[][] =>
  Array.from({ length: Math.ceil(items.length / PAGE) }, (_, at) => items.slice(at * PAGE, (at + 1) * PAGE));
