/// <reference path="../.sst/platform/config.d.ts" />
import type { Data } from "./data";
import { POLICY, seconds } from "./policy";

const FUNCTION = { runtime: "nodejs22.x", architecture: "arm64" } as const;

/** Reviews as jobs: the queue with its dead letters, its worker, the function with the engines, the table's stream. */
export function reviews({ table, links }: Data) {
  const day = 24 * 60 * 60;
  const dead = new sst.aws.Queue("ReviewDead", {
    transform: { queue: { messageRetentionSeconds: POLICY.deadLetterDays * day, sqsManagedSseEnabled: true } },
  });
  const queue = new sst.aws.Queue("ReviewJobs", {
    visibilityTimeout: seconds(POLICY.visibilityTimeouts * POLICY.review.timeoutSeconds),
    dlq: { queue: dead.arn, retry: POLICY.review.receives },
    transform: { queue: { messageRetentionSeconds: POLICY.retentionDays * day, sqsManagedSseEnabled: true } },
  });
  const queueLink = new sst.Linkable("ReviewQueue", {
    properties: { url: queue.url },
    include: [sst.aws.permission({ actions: ["sqs:SendMessage", "sqs:GetQueueAttributes"], resources: [queue.arn] })],
  });
  const check = new sst.aws.Function("Check", {
    ...FUNCTION,
    handler: "packages/functions/src/check.handler",
    timeout: seconds(POLICY.check.timeoutSeconds),
    memory: POLICY.check.memory,
    nodejs: { install: ["@biomejs/wasm-nodejs", "@astral-sh/ruff-wasm-nodejs"] },
  });
  const checkLink = new sst.Linkable("CheckFunction", {
    properties: { name: check.name },
    include: [sst.aws.permission({ actions: ["lambda:InvokeFunction"], resources: [check.arn] })],
  });
  queue.subscribe(
    {
      ...FUNCTION,
      handler: "packages/functions/src/review.handler",
      timeout: seconds(POLICY.review.timeoutSeconds),
      memory: POLICY.review.memory,
      link: [...links, queueLink, checkLink],
    },
    {
      batch: { size: 1, partialResponses: true },
      transform: { eventSourceMapping: { scalingConfig: { maximumConcurrency: POLICY.review.concurrency } } },
    },
  );
  table.subscribe(
    "TableChanges",
    {
      ...FUNCTION,
      handler: "packages/functions/src/stream/table-changes.handler",
      timeout: seconds(POLICY.changes.timeoutSeconds),
      memory: POLICY.changes.memory,
      link: [queueLink],
    },
    {
      filters: [{ dynamodb: { NewImage: { announceId: { S: [{ exists: true }] } } } }],
      transform: {
        eventSourceMapping: {
          functionResponseTypes: ["ReportBatchItemFailures"],
          bisectBatchOnFunctionError: true,
          maximumRetryAttempts: POLICY.changes.attempts,
        },
      },
    },
  );
  return { queue, check, links: [...links, queueLink, checkLink] };
}
