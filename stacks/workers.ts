/// <reference path="../.sst/platform/config.d.ts" />
import { type Data, sweepPermissions } from "./data";
import { plannedFunction } from "./functions";
import { modelAccess } from "./model";
import { POLICY } from "./policy";
import type { Queues } from "./queues";

export type Workers = ReturnType<typeof workers>;

/** Everything that works outside of requests: the engines, the review queue's worker, the table's stream, the schedules. */
export function workers(stored: Data, { review, reviewLink, reviewDeadLink, mayBury }: Queues) {
  const { table, failures, links, modelKey } = stored;
  const model = modelAccess();
  // 45 MB of WASM and a thread beside the handler: built by `npm run build`, the same on the laptop.
  const check = new sst.aws.Function("Check", {
    ...plannedFunction(POLICY.functions.check),
    dev: false,
    bundle: "build/lambda/check",
    handler: "index.handler",
  });
  const checkLink = new sst.Linkable("CheckFunction", {
    properties: { name: check.name },
    include: [sst.aws.permission({ actions: ["lambda:InvokeFunction"], resources: [check.arn] })],
  });
  const work = [...links, reviewLink, checkLink];

  const { concurrency, ...reviewPlan } = POLICY.queues.review;
  const planned = plannedFunction(reviewPlan);
  const reviewing = review.queue.subscribe(
    {
      ...planned,
      handler: "packages/functions/src/review.handler",
      link: [...work, reviewDeadLink, modelKey],
      permissions: [...planned.permissions, ...model.permissions, mayBury],
      environment: { ...planned.environment, ...model.environment },
    },
    {
      batch: { size: 1, partialResponses: true },
      transform: { eventSourceMapping: { scalingConfig: { maximumConcurrency: concurrency } } },
    },
  );

  const changesPlan = plannedFunction(POLICY.functions.changes);
  const changes = table.subscribe(
    "TableChanges",
    {
      ...changesPlan,
      handler: "packages/functions/src/stream/table-changes.handler",
      link: [reviewLink],
      permissions: [
        ...changesPlan.permissions,
        { actions: ["s3:PutObject"], resources: [$interpolate`${failures.arn}/*`] },
        { actions: ["s3:ListBucket"], resources: [failures.arn] },
      ],
    },
    {
      filters: [{ dynamodb: { NewImage: { announceId: { S: [{ exists: true }] } } } }],
      transform: {
        eventSourceMapping: {
          functionResponseTypes: ["ReportBatchItemFailures"],
          bisectBatchOnFunctionError: true,
          maximumRetryAttempts: POLICY.streamAttempts,
          destinationConfig: { onFailure: { destinationArn: failures.arn } },
        },
      },
    },
  );

  const sweep = new sst.aws.CronV2("Sweep", {
    schedule: "rate(1 minute)",
    function: {
      ...plannedFunction(POLICY.functions.sweep),
      handler: "packages/functions/src/cron/sweep.handler",
      link: [...links, reviewLink],
    },
  });
  const nightlyPlan = plannedFunction(POLICY.functions.nightly);
  const nightly = new sst.aws.CronV2("Nightly", {
    schedule: "cron(15 3 * * ? *)",
    function: {
      ...nightlyPlan,
      handler: "packages/functions/src/cron/nightly.handler",
      link: links,
      permissions: [...nightlyPlan.permissions, ...sweepPermissions(stored)],
    },
  });
  return { check, reviewing, changes, sweep, nightly, links: work };
}
