/** Operations on queues. */
import { checkAttributeNames, redrivePolicy } from "./attributes";
import { noSuchQueue, SqsError } from "./errors";
import { type Operation, textMap, texts, whole } from "./service";
import { textOf } from "./text-of";

const LIST_LIMIT = 1_000;

export const createQueue: Operation = async ({ queues, queueBase }, request) => {
  const queue = await queues.create(request.QueueName, textMap(request.Attributes));
  return { QueueUrl: queueBase + queue.name };
};

export const getQueueUrl: Operation = async ({ queues, queueBase }, { QueueName }) => {
  const queue = queues.find(textOf(QueueName));
  if (!queue) throw noSuchQueue();
  return { QueueUrl: queueBase + queue.name };
};

export const listQueues: Operation = async ({ queues, queueBase }, { QueueNamePrefix = "", MaxResults, NextToken }) => {
  const names = queues
    .all()
    .map(({ name }) => name)
    .filter((name) => name.startsWith(textOf(QueueNamePrefix)) && (NextToken === undefined || name > textOf(NextToken)))
    .sort();
  const shown = names.slice(0, whole(MaxResults, "MaxResults", LIST_LIMIT, 1, LIST_LIMIT));
  return {
    QueueUrls: shown.map((name) => queueBase + name),
    ...(shown.length < names.length && MaxResults !== undefined ? { NextToken: shown.at(-1) } : {}),
  };
};

export const deleteQueue: Operation = async ({ queues }, { QueueUrl }) => {
  await queues.remove(queues.byUrl(QueueUrl));
  return {};
};

export const purgeQueue: Operation = async ({ queues, store }, { QueueUrl }) => {
  const queue = queues.byUrl(QueueUrl);
  await store.batch(queue.removeAll());
  return {};
};

export const setQueueAttributes: Operation = async ({ queues }, { QueueUrl, Attributes }) => {
  await queues.change(queues.byUrl(QueueUrl), textMap(Attributes));
  return {};
};

export const getQueueAttributes: Operation = async ({ queues }, { QueueUrl, AttributeNames }) => {
  const queue = queues.byUrl(QueueUrl);
  const { visible, inFlight, delayed } = queue.counts(Date.now());
  const { attributes, createdAtMs, changedAtMs } = queue.stored;
  const all: Record<string, string> = {
    ...attributes,
    QueueArn: queue.arn,
    CreatedTimestamp: String(Math.floor(createdAtMs / 1_000)),
    LastModifiedTimestamp: String(Math.floor(changedAtMs / 1_000)),
    ApproximateNumberOfMessages: String(visible),
    ApproximateNumberOfMessagesNotVisible: String(inFlight),
    ApproximateNumberOfMessagesDelayed: String(delayed),
  };
  const wanted = texts(AttributeNames);
  checkAttributeNames(wanted);
  const shown = wanted.includes("All") ? Object.keys(all) : wanted;
  const known = Object.fromEntries(shown.flatMap((name) => (all[name] === undefined ? [] : [[name, all[name]]])));
  return Object.keys(known).length > 0 ? { Attributes: known } : {};
};

export const listDeadLetterSourceQueues: Operation = async ({ queues, queueBase }, { QueueUrl }) => {
  const { arn } = queues.byUrl(QueueUrl);
  const sources = queues.all().filter(({ stored }) => redrivePolicy(stored.attributes)?.deadLetterTargetArn === arn);
  return { queueUrls: sources.map(({ name }) => queueBase + name) };
};

export const unsupported = (operation: string) =>
  new SqsError(
    "UnsupportedOperation",
    `${operation} is not supported on the laptop.`,
    "AWS.SimpleQueueService.UnsupportedOperation",
  );
