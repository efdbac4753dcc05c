/// <reference path="../.sst/platform/config.d.ts" />
import type { Data } from "./data";
import { plannedFunction, subscribed, watched } from "./functions";
import { leave } from "./leave";
import { modelAccess } from "./model";
import { POLICY } from "./policy";
import type { Queues } from "./queues";
import type { Release } from "./release";

export type Workers = ReturnType<typeof workers>;

/** Everything that works outside of requests: the engines, the review queue's worker, the table's stream, the schedules. */
export function workers(stored: Data, jobs: Queues, releases: Release) {
  const { table, tableLink, blobsLink, failures, modelKey } = stored;
  const { review, reviewLink, reviewDeadLink } = jobs;
  const may = leave(stored, jobs);
  const model = modelAccess();
  // 45 MB of WASM and a thread beside the handler: built by `npm run build`, the same on the laptop.
  const check = new sst.aws.Function("Check", {
    ...plannedFunction(POLICY.functions.check),
    ...releases.published,
    dev: false,
    bundle: "build/lambda/check",
    handler: "index.handler",
  });
  const called = releases.called(check);
  const checkLink = new sst.Linkable("CheckFunction", {
    properties: { name: called.name },
    include: [sst.aws.permission({ actions: ["lambda:InvokeFunction"], resources: [called.arn] })],
  });

  const { concurrency, ...reviewPlan } = POLICY.queues.review;
  const planned = plannedFunction(reviewPlan);
  const reviewing = review.queue.subscribe(
    {
      ...planned,
      ...releases.published,
      handler: "packages/functions/src/review.handler",
      link: [tableLink, blobsLink, checkLink, reviewDeadLink, modelKey],
      permissions: [...planned.permissions, ...may.review, ...model.permissions],
      environment: { ...planned.environment, ...model.environment },
    },
    {
      batch: { size: 1, partialResponses: true },
      transform: {
        eventSourceMapping: (args) => {
          args.functionName = releases.live(args.functionName);
          args.scalingConfig = { maximumConcurrency: concurrency };
        },
      },
    },
  );

  const changesPlan = plannedFunction(POLICY.functions.changes, { tracing: "never" });
  const changes = table.subscribe(
    "TableChanges",
    {
      ...changesPlan,
      ...releases.published,
      handler: "packages/functions/src/stream/table-changes.handler",
      link: [reviewLink],
      permissions: [
        ...changesPlan.permissions,
        ...may.changes,
        // Lambda itself puts there what the function gave up.
        { actions: ["s3:PutObject"], resources: [$interpolate`${failures.arn}/*`] },
        { actions: ["s3:ListBucket"], resources: [failures.arn] },
      ],
    },
    {
      filters: [{ dynamodb: { NewImage: { announceId: { S: [{ exists: true }] } } } }],
      transform: {
        eventSourceMapping: (args) => {
          args.functionName = releases.live(args.functionName);
          args.functionResponseTypes = ["ReportBatchItemFailures"];
          args.bisectBatchOnFunctionError = true;
          args.maximumRetryAttempts = POLICY.streamAttempts;
          args.destinationConfig = { onFailure: { destinationArn: failures.arn } };
        },
      },
    },
  );

  const sweepPlan = plannedFunction(POLICY.functions.sweep, { tracing: "never" });
  const sweep = new sst.aws.CronV2("Sweep", {
    schedule: "rate(1 minute)",
    function: {
      ...sweepPlan,
      ...releases.published,
      handler: "packages/functions/src/cron/sweep.handler",
      link: [tableLink, blobsLink, reviewLink],
      permissions: [...sweepPlan.permissions, ...may.sweep],
    },
    transform: releases.scheduled,
  });
  const nightlyPlan = plannedFunction(POLICY.functions.nightly, { tracing: "never" });
  const nightly = new sst.aws.CronV2("Nightly", {
    schedule: "cron(15 3 * * ? *)",
    function: {
      ...nightlyPlan,
      handler: "packages/functions/src/cron/nightly.handler",
      link: [tableLink, blobsLink],
      permissions: [...nightlyPlan.permissions, ...may.nightly],
    },
  });
  const { functions, queues } = POLICY;
  return {
    ...{ check, checkLink, reviewing, changes, sweep, nightly },
    watched: [
      watched("Check", check, functions.check.timeoutSeconds),
      watched("Review", subscribed(reviewing), queues.review.timeoutSeconds),
      watched("Changes", subscribed(changes), functions.changes.timeoutSeconds),
      watched("Sweep", sweep.nodes.function, functions.sweep.timeoutSeconds),
      watched("Nightly", nightly.nodes.function, functions.nightly.timeoutSeconds),
    ],
  };
}
