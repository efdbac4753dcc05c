/** Receiving, and what a receiver may do with a message: delete it or hide it longer. Each call ends in one batch. */
import type { StoreOperation } from "../store";
import { redrivePolicy } from "./attributes";
import { type Done, eachEntry } from "./entries";
import { invalidParameter, missingParameter, otherQueueType, SqsError } from "./errors";
import { checkSystemNames, received } from "./message";
import { move } from "./move-operations";
import type { Queue, Taken } from "./queue";
import { type Operation, type Request, type SqsService, texts, whole } from "./service";

const LONGEST_HIDING_S = 12 * 3_600;

export const receiveMessage: Operation = async (service, request, gone) => {
  let queue = service.queues.byUrl(request.QueueUrl);
  const limit = whole(request.MaxNumberOfMessages, "MaxNumberOfMessages", 1, 1, 10);
  const defaultWaitS = queue.milliseconds("ReceiveMessageWaitTimeSeconds") / 1_000;
  const waitS = whole(request.WaitTimeSeconds, "WaitTimeSeconds", defaultWaitS, 0, 20);
  const defaultHidingS = queue.milliseconds("VisibilityTimeout") / 1_000;
  const hidingS = whole(request.VisibilityTimeout, "VisibilityTimeout", defaultHidingS, 0, LONGEST_HIDING_S);
  const system = [...texts(request.AttributeNames), ...texts(request.MessageSystemAttributeNames)];
  checkSystemNames(system);
  if (!queue.isFifo && request.ReceiveRequestAttemptId !== undefined) throw otherQueueType("ReceiveRequestAttemptId");
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
      const attributes = texts(request.MessageAttributeNames);
      const messages = taken.map(({ message, receipt }) => received(message, receipt, system, attributes));
      return messages.length > 0 ? { Messages: messages } : {};
    }
    await queue.changed(Math.min(until, nextAtMs) - now, gone);
    if (service.store.unavailable) throw service.store.unavailable;
    // All are loaded anew after the store could not be written for a while.
    queue = service.queues.find(queue.name) ?? queue;
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

export const deleteMessage: Operation = async (service, request) => {
  const { operations } = remove(service.queues.byUrl(request.QueueUrl), request);
  await service.store.batch(operations);
  return {};
};

export const deleteMessageBatch: Operation = (service, request) => eachEntry(service, request, remove);

/** Deleting a message that is gone succeeds, so that a client without a response may retry. */
function remove(queue: Queue, { ReceiptHandle }: Request): Done {
  const message = queue.byReceipt(ReceiptHandle);
  return { result: {}, operations: message ? [queue.remove(message)] : [] };
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
  return { result: {}, operations: [queue.hide(message, now + seconds * 1_000)] };
}
