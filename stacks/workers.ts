/// <reference path="../.sst/platform/config.d.ts" />
import type { CanaryRelease } from "./canary";
import type { Data } from "./data";
import { functionConfig, monitoredFunction, subscriberFunction } from "./functions";
import { modelAccess } from "./model";
import { functionPermissions } from "./permissions";
import { POLICY } from "./policy";
import type { Queues } from "./queues";

export type Workers = ReturnType<typeof workers>;

/** Creates the functions that run outside of requests: engines, the review worker, the table's stream, schedules. */
export function workers(stored: Data, jobs: Queues, release: CanaryRelease) {
  const { table, tableLink, blobsLink, failures, modelKey } = stored;
  const { review, reviewLink, reviewDeadLink } = jobs;
  const permissions = functionPermissions(stored, jobs);
  const model = modelAccess();
  // 45 MB of WebAssembly and a worker thread next to the handler: SST cannot bundle it, `npm run build:lambda` does.
  const check = new sst.aws.Function("Check", {
    ...functionConfig(POLICY.functions.check),
    ...release.versioning,
    dev: false,
    bundle: "build/lambda/check",
    handler: "index.handler",
  });
  const pinned = release.pinnedVersion(check);
  const checkLink = new sst.Linkable("CheckFunction", {
    properties: { name: pinned.name },
    include: [sst.aws.permission({ actions: ["lambda:InvokeFunction"], resources: [pinned.arn] })],
  });

  const { concurrency, ...reviewPolicy } = POLICY.queues.review;
  const reviewConfig = functionConfig(reviewPolicy);
  const reviewWorker = review.queue.subscribe(
    {
      ...reviewConfig,
      ...release.versioning,
      handler: "packages/functions/src/review.handler",
      link: [tableLink, blobsLink, checkLink, reviewDeadLink, modelKey],
      permissions: [...reviewConfig.permissions, ...permissions.review, ...model.permissions],
      environment: { ...reviewConfig.environment, ...model.environment },
    },
    {
      batch: { size: 1, partialResponses: true },
      transform: {
        eventSourceMapping: (args) => {
          args.functionName = release.liveArn(args.functionName);
          args.scalingConfig = { maximumConcurrency: concurrency };
        },
      },
    },
  );

  const changesConfig = functionConfig(POLICY.functions.changes, { tracing: "off" });
  const changes = table.subscribe(
    "TableChanges",
    {
      ...changesConfig,
      ...release.versioning,
      handler: "packages/functions/src/stream/table-changes.handler",
      link: [reviewLink],
      permissions: [
        ...changesConfig.permissions,
        ...permissions.changes,
        // Lambda writes records there once their retries are exhausted.
        { actions: ["s3:PutObject"], resources: [$interpolate`${failures.arn}/*`] },
        { actions: ["s3:ListBucket"], resources: [failures.arn] },
      ],
    },
    {
      filters: [{ dynamodb: { NewImage: { outboxId: { S: [{ exists: true }] } } } }],
      transform: {
        eventSourceMapping: (args) => {
          args.functionName = release.liveArn(args.functionName);
          args.functionResponseTypes = ["ReportBatchItemFailures"];
          args.bisectBatchOnFunctionError = true;
          args.maximumRetryAttempts = POLICY.streamRetries;
          args.destinationConfig = { onFailure: { destinationArn: failures.arn } };
        },
      },
    },
  );

  const sweepConfig = functionConfig(POLICY.functions.sweep, { tracing: "off" });
  const sweep = new sst.aws.CronV2("Sweep", {
    schedule: "rate(1 minute)",
    function: {
      ...sweepConfig,
      ...release.versioning,
      handler: "packages/functions/src/cron/sweep.handler",
      link: [tableLink, blobsLink, reviewLink],
      permissions: [...sweepConfig.permissions, ...permissions.sweep],
    },
    transform: release.schedule,
  });
  const nightlyConfig = functionConfig(POLICY.functions.nightly, { tracing: "off" });
  const nightly = new sst.aws.CronV2("Nightly", {
    schedule: "cron(15 3 * * ? *)",
    function: {
      ...nightlyConfig,
      handler: "packages/functions/src/cron/nightly.handler",
      link: [tableLink, blobsLink],
      permissions: [...nightlyConfig.permissions, ...permissions.nightly],
    },
  });
  const { functions, queues } = POLICY;
  return {
    ...{ check, checkLink, reviewWorker, changes, sweep, nightly },
    monitored: [
      monitoredFunction("Check", check, functions.check.timeoutSeconds),
      monitoredFunction("Review", subscriberFunction(reviewWorker), queues.review.timeoutSeconds),
      monitoredFunction("Changes", subscriberFunction(changes), functions.changes.timeoutSeconds),
      monitoredFunction("Sweep", sweep.nodes.function, functions.sweep.timeoutSeconds),
      monitoredFunction("Nightly", nightly.nodes.function, functions.nightly.timeoutSeconds),
    ],
  };
}
