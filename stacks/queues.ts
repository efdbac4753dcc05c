/// <reference path="../.sst/platform/config.d.ts" />
import { daysInSeconds, POLICY, type QueueName, seconds, visibilitySeconds } from "./policy";

export type Queues = ReturnType<typeof queues>;

/** Creates the job queues, each with its dead-letter queue. */
export function queues() {
  const created = Object.fromEntries(
    (Object.keys(POLICY.queues) as QueueName[]).map((name) => [name, queue(name)]),
  ) as Record<QueueName, ReturnType<typeof queue>>;
  const { queue: review, dead } = created.review;
  return {
    ...created,
    reviewLink: new sst.Linkable("ReviewQueue", { properties: { url: review.url } }),
    reviewDeadLink: new sst.Linkable("ReviewDeadQueue", { properties: { url: dead.url } }),
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
    visibilityTimeout: seconds(visibilitySeconds(name)),
    dlq: { queue: dead.arn, retry: POLICY.maxReceives },
    transform: { queue: { messageRetentionSeconds: daysInSeconds(POLICY.retentionDays), sqsManagedSseEnabled: true } },
  });
  return { name, queue: jobs, dead };
}

export const allQueues = (jobs: Queues) => (Object.keys(POLICY.queues) as QueueName[]).map((name) => jobs[name]);
