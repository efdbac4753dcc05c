/** Dead letters: reading them with their reasons, putting their jobs back on the queue, or letting them go. */
import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
} from "@aws-sdk/client-sqs";
import { sqs } from "./clients";
import { nowMs } from "./clock";
import { queueAt } from "./queues";

/** `reason` is null where the worker died or ran out of time, so that none was recorded. */
export type DeadLetter = { id: string; body: string; reason: string | null; sentAt: string };

/** Letters sent after `before` (epoch ms) are let alone, so that a job which fails again at once does not go round. */
export type Which = { letter?: string; before: number };

/** The number of letters that were moved or deleted; `isDone` is false where time ran out before all were. */
export type Settled = { moved: number; isDone: boolean };

/** Letters that one look reads. */
export const MAX_LETTERS = 100;
/** Held for a moment, so that the next read gives others; given back at once afterwards. */
const LOOK_SECONDS = 5;
/** Longer than one settling takes. */
const SETTLE_SECONDS = 60;
/** Well within what a request may take. */
const SETTLE_FOR_MS = 10_000;
/** Only a read that waits asks all of SQS's servers; a queue that has something does not make it wait. */
const WAIT_SECONDS = 1;
const LANES = 4;
const PAGE = 10;

/**
 * Returns the dead letters, oldest first, at most 100, without those that another reader holds at this moment.
 * @param count the expected number: reading stops there
 */
export async function readDeadLetters(name: string, count: number = MAX_LETTERS): Promise<DeadLetter[]> {
  const { deadUrl } = queueAt(name);
  const held = new Map<string, Message>();
  while (held.size < Math.min(count, MAX_LETTERS)) {
    const before = held.size;
    for (const message of await receive(deadUrl, LOOK_SECONDS)) held.set(message.MessageId ?? "", message);
    if (held.size === before) break;
  }
  await giveBack(deadUrl, [...held.values()]);
  return [...held.values()].map(letterOf).sort((a, b) => a.sentAt.localeCompare(b.sentAt));
}

function letterOf(message: Message): DeadLetter {
  return {
    id: message.MessageId ?? "",
    body: message.Body ?? "",
    reason: message.MessageAttributes?.reason?.StringValue ?? null,
    sentAt: new Date(sentAtMs(message)).toISOString(),
  };
}

const sentAtMs = ({ Attributes }: Message) => Number(Attributes?.SentTimestamp ?? 0);

/**
 * Redrives dead letters: the named one, or all. A letter is deleted only after its job was sent: a process that dies in
 * between leaves both, which is safe, as jobs are idempotent.
 */
export const redriveLetters = (name: string, which: Which, forMs?: number): Promise<Settled> =>
  settle(name, which, (messages) => sendAgain(queueAt(name).url, messages), forMs);

/** Deletes dead letters permanently: the named one, or all. Their jobs are not run. */
export const discardLetters = (name: string, which: Which, forMs?: number): Promise<Settled> =>
  settle(name, which, async (messages) => messages, forMs);

/** @param settled does with some letters what is to be done before they go, and returns those that may */
async function settle(
  name: string,
  { letter, before }: Which,
  settled: (messages: Message[]) => Promise<Message[]>,
  forMs = SETTLE_FOR_MS,
): Promise<Settled> {
  const { deadUrl } = queueAt(name);
  const until = nowMs() + forMs;
  // Held to the end, so that looking goes on to what was not seen yet.
  const others: Message[] = [];
  let moved = 0;
  let isDone = false;
  const isChosen = (message: Message) =>
    letter === undefined ? sentAtMs(message) <= before : message.MessageId === letter;
  const lane = async () => {
    do {
      const messages = await receive(deadUrl, SETTLE_SECONDS);
      if (messages.length === 0) isDone = true;
      const chosen = messages.filter(isChosen);
      let gone: Message[] = [];
      try {
        if (chosen.length > 0) gone = await remove(deadUrl, await settled(chosen));
      } finally {
        others.push(...messages.filter((message) => !gone.includes(message)));
      }
      if (gone.length === 0) continue;
      moved += gone.length;
      if (letter !== undefined) isDone = true;
    } while (!isDone && nowMs() < until);
  };
  // One letter is looked for by one: the others would wait for more to come.
  const lanes = await Promise.allSettled(Array.from({ length: letter === undefined ? LANES : 1 }, lane));
  await giveBack(deadUrl, others);
  const failed = lanes.find((each) => each.status === "rejected");
  if (failed) throw failed.reason;
  return { moved, isDone };
}

/** Returns those that were sent. */
async function sendAgain(QueueUrl: string, messages: Message[]): Promise<Message[]> {
  const Entries = messages.map(({ Body }, at) => ({ Id: String(at), MessageBody: Body }));
  const { Failed = [] } = await sqs().send(new SendMessageBatchCommand({ QueueUrl, Entries }));
  return without(messages, Failed);
}

/** Returns those that are gone. */
async function remove(QueueUrl: string, messages: Message[]): Promise<Message[]> {
  if (messages.length === 0) return [];
  const { Failed = [] } = await sqs().send(
    new DeleteMessageBatchCommand({ QueueUrl, Entries: batchEntriesOf(messages) }),
  );
  return without(messages, Failed);
}

/** Entries of a batch are named by their place in it. */
function without(messages: Message[], failed: { Id: string | undefined }[]): Message[] {
  const places = new Set(failed.map(({ Id }) => Number(Id)));
  return messages.filter((_, at) => !places.has(at));
}

async function receive(QueueUrl: string, VisibilityTimeout: number): Promise<Message[]> {
  const { Messages = [] } = await sqs().send(
    new ReceiveMessageCommand({
      QueueUrl,
      VisibilityTimeout,
      MaxNumberOfMessages: PAGE,
      WaitTimeSeconds: WAIT_SECONDS,
      MessageSystemAttributeNames: ["SentTimestamp"],
      MessageAttributeNames: ["reason"],
    }),
  );
  return Messages;
}

/** Shows them to others again. What fails here shows again by itself, later. */
async function giveBack(QueueUrl: string, messages: Message[]): Promise<void> {
  for (const page of pages(messages)) {
    await sqs().send(
      new ChangeMessageVisibilityBatchCommand({
        QueueUrl,
        Entries: batchEntriesOf(page).map((entry) => ({ ...entry, VisibilityTimeout: 0 })),
      }),
    );
  }
}

const batchEntriesOf = (messages: Message[]) =>
  messages.map(({ ReceiptHandle }, at) => ({ Id: String(at), ReceiptHandle: ReceiptHandle ?? "" }));

const pages = <T>(items: T[]): T[][] =>
  Array.from({ length: Math.ceil(items.length / PAGE) }, (_, at) => items.slice(at * PAGE, (at + 1) * PAGE));
