/// <reference path="../.sst/platform/config.d.ts" />
import { daysInSeconds, POLICY, type QueueName, seconds } from "./policy";

export type Queues = ReturnType<typeof queues>;

/** The job queues, each with its dead letters. The agents' queues are here before their workers. */
export function queues() {
  const made = Object.fromEntries(
    (Object.keys(POLICY.queues) as QueueName[]).map((name) => [name, queue(name)]),
  ) as Record<QueueName, ReturnType<typeof queue>>;
  const { queue: review, dead } = made.review;
  const reviewLink = new sst.Linkable("ReviewQueue", {
    properties: { url: review.url },
    include: [sst.aws.permission({ actions: ["sqs:SendMessage", "sqs:GetQueueAttributes"], resources: [review.arn] })],
  });
  /** Where it is; what may be done there differs between the worker and the operator's page. */
  const reviewDeadLink = new sst.Linkable("ReviewDeadQueue", { properties: { url: dead.url } });
  return {
    ...made,
    reviewLink,
    reviewDeadLink,
    /** Jobs that can't be done go there at once, with their reason. */
    mayBury: { actions: ["sqs:SendMessage"], resources: [dead.arn] },
    mayRedrive: {
      actions: ["sqs:GetQueueAttributes", "sqs:ReceiveMessage", "sqs:ChangeMessageVisibility", "sqs:DeleteMessage"],
      resources: [dead.arn],
    },
  };
}

function queue(name: QueueName) {
  const title = name[0]?.toUpperCase() + name.slice(1);
  const dead = new sst.aws.Queue(`${title}Dead`, {
    transform: {
      queue: { messageRetentionSeconds: daysInSeconds(POLICY.deadLetterDays), sqsManagedSseEnabled: true },
    },
  });
  const jobs = new sst.aws.Queue(`${title}Jobs`, {
    visibilityTimeout: seconds(POLICY.visibilityTimeouts * POLICY.queues[name].timeoutSeconds),
    dlq: { queue: dead.arn, retry: POLICY.receives },
    transform: { queue: { messageRetentionSeconds: daysInSeconds(POLICY.retentionDays), sqsManagedSseEnabled: true } },
  });
  return { name, queue: jobs, dead };
}
