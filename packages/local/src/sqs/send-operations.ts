/** Sending, one message or up to ten. */
import { createHash, randomUUID } from "node:crypto";
import { type Done, eachEntry, entriesOf } from "./entries";
import { invalidParameter, missingParameter, otherQueueType, SqsError } from "./errors";
import {
  checkContent,
  checkId,
  type Message,
  type MessageAttributes,
  md5,
  md5OfAttributes,
  messageBytes,
  sequenceText,
  traceHeaderOf,
} from "./message";
import type { Queue } from "./queue";
import { type Operation, type Request, type SqsService, whole } from "./service";
import { textOf } from "./text-of";

const BATCH_LIMIT_BYTES = 1024 * 1024;

export const sendMessage: Operation = async (service, request) => {
  const queue = service.queues.byUrl(request.QueueUrl);
  const { result, operations } = send(service, queue, request);
  await service.store.batch(operations);
  return result;
};

export const sendMessageBatch: Operation = (service, request) => {
  const size = entriesOf(request).reduce(
    (sum, { MessageBody = "", MessageAttributes = {} }) =>
      sum + messageBytes(textOf(MessageBody), MessageAttributes as MessageAttributes),
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
  const system = (request.MessageSystemAttributes ?? {}) as MessageAttributes;
  const traceHeader = traceHeaderOf(system);
  const settings = queue.stored.attributes;
  checkContent(body, attributes, Number(settings.MaximumMessageSize));
  if (queue.isFifo && !MessageGroupId) throw missingParameter("MessageGroupId");
  if (queue.isFifo && DelaySeconds) throw otherQueueType("DelaySeconds");
  if (!queue.isFifo && request.MessageDeduplicationId !== undefined) throw otherQueueType("MessageDeduplicationId");
  checkId("MessageDeduplicationId", request.MessageDeduplicationId);
  checkId("MessageGroupId", MessageGroupId);
  const deduplicationId = queue.isFifo
    ? deduplicationIdOf(request, body, settings.ContentBasedDeduplication)
    : undefined;
  const now = Date.now();
  const before = deduplicationId === undefined ? undefined : queue.alreadySent(deduplicationId, now);
  const messageId = before?.messageId ?? randomUUID();
  const sequence = before?.sequence ?? queues.sequence();
  const [digest, systemDigest] = [md5OfAttributes(attributes), md5OfAttributes(system)];
  const result = {
    MessageId: messageId,
    MD5OfMessageBody: md5(body),
    ...(digest ? { MD5OfMessageAttributes: digest } : {}),
    ...(systemDigest ? { MD5OfMessageSystemAttributes: systemDigest } : {}),
    ...(queue.isFifo ? { SequenceNumber: sequenceText(sequence) } : {}),
  };
  if (before) return { result, operations: [] };
  const delayS = whole(DelaySeconds, "DelaySeconds", Number(settings.DelaySeconds), 0, 900);
  const message: Message = {
    sequence,
    id: messageId,
    body,
    attributes,
    traceHeader,
    groupId: MessageGroupId === undefined ? undefined : textOf(MessageGroupId),
    deduplicationId,
    sentAtMs: now,
    visibleAtMs: now + delayS * 1_000,
    receives: 0,
  };
  const remembered =
    deduplicationId === undefined ? [] : queue.rememberSent(deduplicationId, { atMs: now, messageId, sequence });
  return { result, operations: [queue.add(message), ...remembered] };
}

function deduplicationIdOf({ MessageDeduplicationId }: Request, body: string, byContent: string | undefined): string {
  if (MessageDeduplicationId) return textOf(MessageDeduplicationId);
  if (byContent === "true") return createHash("sha256").update(body).digest("hex");
  throw invalidParameter(
    "The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly",
  );
}
