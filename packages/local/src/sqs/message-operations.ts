/** Operations on messages. Each ends in one batch, however many messages it is about. */
import { createHash, randomUUID } from "node:crypto";
import type { StoreOperation } from "../store";
import { redrivePolicy } from "./attributes";
import { invalidParameter, missingParameter, noSuchResource, SqsError } from "./errors";
import {
  checkContent,
  type Message,
  type MessageAttributes,
  md5,
  md5OfAttributes,
  messageBytes,
  received,
  sequenceText,
} from "./message";
import type { Queue, Taken } from "./queue";
import { type Answer, type Operation, type Request, type SqsService, texts, whole } from "./service";

const BATCH_LIMIT_ENTRIES = 10;
const BATCH_LIMIT_BYTES = 1024 * 1024;
const LONGEST_HIDING_S = 12 * 3_600;

/** One answer, and what it takes to make it true. */
interface Done {
  answer: Answer;
  operations: StoreOperation[];
}

export const sendMessage: Operation = async (service, request) => {
  const queue = service.queues.byUrl(request.QueueUrl);
  const { answer, operations } = send(service, queue, request);
  await service.store.batch(operations);
  return answer;
};

export const sendMessageBatch: Operation = (service, request) => {
  const size = entriesOf(request).reduce(
    (sum, { MessageBody = "", MessageAttributes = {} }) =>
      sum + messageBytes(String(MessageBody), MessageAttributes as MessageAttributes),
    0,
  );
  if (size > BATCH_LIMIT_BYTES)
    throw new SqsError(
      "BatchRequestTooLong",
      `Batch requests cannot be longer than ${BATCH_LIMIT_BYTES} bytes.`,
      "AWS.SimpleQueueService.BatchRequestTooLong",
    );
  return eachEntry(service, request, (queue, entry) => send(service, queue, entry));
};

function send({ queues }: SqsService, queue: Queue, request: Request): Done {
  const { MessageBody: body, MessageGroupId, DelaySeconds } = request;
  const attributes = (request.MessageAttributes ?? {}) as MessageAttributes;
  const settings = queue.stored.attributes;
  checkContent(body, attributes, Number(settings.MaximumMessageSize));
  if (queue.isFifo && !MessageGroupId) throw missingParameter("MessageGroupId");
  if (queue.isFifo && DelaySeconds)
    throw invalidParameter("The request include parameter DelaySeconds that is not valid for this queue type.");
  const deduplicationId = queue.isFifo
    ? deduplicationIdOf(request, body, settings.ContentBasedDeduplication)
    : undefined;
  const now = Date.now();
  const before = deduplicationId === undefined ? undefined : queue.alreadySent(deduplicationId, now);
  const messageId = before?.messageId ?? randomUUID();
  const sequence = before?.sequence ?? queues.sequence();
  const digest = md5OfAttributes(attributes);
  const answer = {
    MessageId: messageId,
    MD5OfMessageBody: md5(body),
    ...(digest ? { MD5OfMessageAttributes: digest } : {}),
    ...(queue.isFifo ? { SequenceNumber: sequenceText(sequence) } : {}),
  };
  if (before) return { answer, operations: [] };
  const delayS = whole(DelaySeconds, "DelaySeconds", Number(settings.DelaySeconds), 0, 900);
  const message: Message = {
    sequence,
    id: messageId,
    body,
    attributes,
    groupId: MessageGroupId === undefined ? undefined : String(MessageGroupId),
    deduplicationId,
    sentAtMs: now,
    visibleAtMs: now + delayS * 1_000,
    receives: 0,
  };
  const remembered =
    deduplicationId === undefined ? [] : queue.rememberSent(deduplicationId, { atMs: now, messageId, sequence });
  return { answer, operations: [queue.add(message), ...remembered] };
}

function deduplicationIdOf({ MessageDeduplicationId }: Request, body: string, byContent: string | undefined): string {
  if (MessageDeduplicationId) return String(MessageDeduplicationId);
  if (byContent === "true") return createHash("sha256").update(body).digest("hex");
  throw invalidParameter(
    "The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly",
  );
}

export const receiveMessage: Operation = async (service, request, gone) => {
  const queue = service.queues.byUrl(request.QueueUrl);
  const limit = whole(request.MaxNumberOfMessages, "MaxNumberOfMessages", 1, 1, 10);
  const defaultWaitS = queue.milliseconds("ReceiveMessageWaitTimeSeconds") / 1_000;
  const waitS = whole(request.WaitTimeSeconds, "WaitTimeSeconds", defaultWaitS, 0, 20);
  const defaultHidingS = queue.milliseconds("VisibilityTimeout") / 1_000;
  const hidingS = whole(request.VisibilityTimeout, "VisibilityTimeout", defaultHidingS, 0, LONGEST_HIDING_S);
  const until = Date.now() + waitS * 1_000;
  while (!gone.aborted) {
    const { taken, operations, nextAtMs } = takeVisible(service, queue, limit, hidingS * 1_000);
    await service.store.batch(operations);
    if (gone.aborted) {
      await service.store.batch(taken.flatMap((one) => queue.giveBack(one)));
      break;
    }
    const now = Date.now();
    if (taken.length > 0 || now >= until || service.queues.find(queue.name) !== queue) {
      const system = [...texts(request.AttributeNames), ...texts(request.MessageSystemAttributeNames)];
      const attributes = texts(request.MessageAttributeNames);
      const messages = taken.map(({ message, receipt }) => received(message, receipt, system, attributes));
      return messages.length > 0 ? { Messages: messages } : {};
    }
    await queue.changed(Math.min(until, nextAtMs) - now, gone);
  }
  return {};
};

/** Takes up to so many, and on the way removes what is too old and moves what was received too often. */
function takeVisible(
  { queues, faults }: SqsService,
  queue: Queue,
  limit: number,
  hidingMs: number,
): { taken: Taken[]; operations: StoreOperation[]; nextAtMs: number } {
  const now = Date.now();
  const operations: StoreOperation[] = [];
  for (const message of queue.messages.values()) {
    if (message.sentAtMs + queue.milliseconds("MessageRetentionPeriod") <= now) operations.push(queue.remove(message));
  }
  const redrive = redrivePolicy(queue.stored.attributes);
  const deadLetters = redrive && queues.byArn(redrive.deadLetterTargetArn);
  if (redrive && deadLetters)
    for (const message of queue.visible(now, Number.POSITIVE_INFINITY).messages)
      if (message.receives >= redrive.maxReceiveCount)
        operations.push(...move(message, queue, deadLetters, queues.sequence(), queue.arn));
  const looksAhead = faults.active && !queue.isFifo ? limit * 5 : limit;
  const { messages, nextAtMs } = queue.visible(now, looksAhead);
  const chosen = queue.isFifo ? messages : faults.reordered(messages, "sqs", "ReceiveMessage");
  const taken: Taken[] = [];
  for (const message of chosen.slice(0, limit)) {
    const again = !queue.isFifo && faults.strikes("duplicate", "sqs", "ReceiveMessage");
    const one = queue.take(message, now, again ? now : now + hidingMs);
    taken.push(one.taken);
    operations.push(one.operation);
  }
  return { taken, operations, nextAtMs };
}

/** @param source the ARN that the message is to remember as the one it came from */
function move(message: Message, from: Queue, to: Queue, sequence: number, source?: string): StoreOperation[] {
  const moved: Message = {
    ...message,
    sequence,
    visibleAtMs: Date.now(),
    receipt: undefined,
    deadLetterSource: source,
    ...(source === undefined ? { receives: 0, firstReceivedAtMs: undefined, sentAtMs: Date.now() } : {}),
  };
  return [from.remove(message), to.add(moved)];
}

export const deleteMessage: Operation = async (service, request) => {
  const { operations } = remove(service.queues.byUrl(request.QueueUrl), request);
  await service.store.batch(operations);
  return {};
};

export const deleteMessageBatch: Operation = (service, request) => eachEntry(service, request, remove);

/** Deleting what is gone succeeds, so that whoever got no answer may ask again. */
function remove(queue: Queue, { ReceiptHandle }: Request): Done {
  const message = queue.byReceipt(ReceiptHandle);
  return { answer: {}, operations: message ? [queue.remove(message)] : [] };
}

export const changeMessageVisibility: Operation = async (service, request) => {
  const { operations } = hide(service.queues.byUrl(request.QueueUrl), request);
  await service.store.batch(operations);
  return {};
};

export const changeMessageVisibilityBatch: Operation = (service, request) => eachEntry(service, request, hide);

function hide(queue: Queue, { ReceiptHandle, VisibilityTimeout }: Request): Done {
  if (VisibilityTimeout === undefined) throw missingParameter("VisibilityTimeout");
  const seconds = whole(VisibilityTimeout, "VisibilityTimeout", 0, 0, LONGEST_HIDING_S);
  const message = queue.byReceipt(ReceiptHandle);
  const now = Date.now();
  if (!message) throw invalidParameter("Message does not exist or is not available for visibility timeout change.");
  if (message.visibleAtMs <= now)
    throw new SqsError(
      "MessageNotInflight",
      "The specified message isn't in flight.",
      "AWS.SimpleQueueService.MessageNotInflight",
    );
  return { answer: {}, operations: [queue.hide(message, now + seconds * 1_000)] };
}

/** Moves what is visible in a dead-letter queue back to where it came from, or to another queue. */
export const startMessageMoveTask: Operation = async ({ queues, store, moves }, { SourceArn, DestinationArn }) => {
  const source = queues.byArn(SourceArn);
  if (!source || (DestinationArn !== undefined && !queues.byArn(DestinationArn))) throw noSuchResource();
  const operations: StoreOperation[] = [];
  const { messages } = source.visible(Date.now(), Number.POSITIVE_INFINITY);
  let moved = 0;
  for (const message of messages) {
    const destination = queues.byArn(DestinationArn ?? message.deadLetterSource);
    if (!destination || destination === source) continue;
    operations.push(...move(message, source, destination, queues.sequence()));
    moved++;
  }
  await store.batch(operations);
  const task = {
    TaskHandle: randomUUID(),
    Status: "COMPLETED",
    SourceArn: source.arn,
    DestinationArn,
    ApproximateNumberOfMessagesMoved: moved,
    ApproximateNumberOfMessagesToMove: messages.length,
    StartedTimestamp: Date.now(),
  };
  moves.set(source.arn, [task, ...(moves.get(source.arn) ?? [])].slice(0, 10));
  return { TaskHandle: task.TaskHandle };
};

export const listMessageMoveTasks: Operation = async ({ queues, moves }, { SourceArn, MaxResults }) => {
  const source = queues.byArn(SourceArn);
  if (!source) throw noSuchResource();
  return { Results: (moves.get(source.arn) ?? []).slice(0, whole(MaxResults, "MaxResults", 1, 1, 10)) };
};

/** Entries fail one by one; those that succeed are one batch of the store. */
async function eachEntry(
  { queues, store }: SqsService,
  request: Request,
  perform: (queue: Queue, entry: Request) => Done,
): Promise<Answer> {
  const queue = queues.byUrl(request.QueueUrl);
  const successful: Answer[] = [];
  const failed: Answer[] = [];
  const operations: StoreOperation[] = [];
  for (const entry of entriesOf(request)) {
    try {
      const done = perform(queue, entry);
      operations.push(...done.operations);
      successful.push({ Id: entry.Id, ...done.answer });
    } catch (error) {
      if (!(error instanceof SqsError)) throw error;
      failed.push({ Id: entry.Id, SenderFault: true, Code: error.code, Message: error.message });
    }
  }
  await store.batch(operations);
  return {
    ...(successful.length > 0 ? { Successful: successful } : {}),
    ...(failed.length > 0 ? { Failed: failed } : {}),
  };
}

function entriesOf({ Entries }: Request): Request[] {
  const entries = (Array.isArray(Entries) ? Entries : []) as Request[];
  const problem = (code: string, message: string) => new SqsError(code, message, `AWS.SimpleQueueService.${code}`);
  if (entries.length === 0) throw problem("EmptyBatchRequest", "There should be at least one entry in the request.");
  if (entries.length > BATCH_LIMIT_ENTRIES)
    throw problem("TooManyEntriesInBatchRequest", `Maximum number of entries per request are ${BATCH_LIMIT_ENTRIES}.`);
  if (new Set(entries.map(({ Id }) => Id)).size < entries.length)
    throw problem("BatchEntryIdsNotDistinct", "Two or more batch entries in the request have the same Id.");
  if (entries.some(({ Id }) => !/^[\w-]{1,80}$/.test(String(Id))))
    throw problem(
      "InvalidBatchEntryId",
      "A batch entry id can only contain alphanumeric characters, hyphens and underscores.",
    );
  return entries;
}
