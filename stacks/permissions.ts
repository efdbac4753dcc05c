/// <reference path="../.sst/platform/config.d.ts" />
import type { Data } from "./data";
import { allQueues, type Queues } from "./queues";

type ItemAction = "GetItem" | "PutItem" | "UpdateItem" | "DeleteItem" | "Query" | "Scan" | "BatchWriteItem";
type ObjectAction = "GetObject" | "PutObject" | "DeleteObject" | "DeleteObjectVersion";

/**
 * Returns each function's permissions on the table, the blobs and the queues: least privilege, where SST's own links would
 * grant every action. `tests/infra/permissions.test.ts` runs each function under these and reports those that went unused.
 */
export function functionPermissions({ table, blobs }: Data, jobs: Queues) {
  const { review } = jobs;
  const queues = allQueues(jobs);
  const dead = queues.map((each) => each.dead.arn);
  const items = (...actions: ItemAction[]) => ({
    actions: actions.map((action) => `dynamodb:${action}`),
    resources: [table.arn],
  });
  const indexes = { actions: ["dynamodb:Query"], resources: [$interpolate`${table.arn}/index/*`] };
  const objects = (...actions: ObjectAction[]) => ({
    actions: actions.map((action) => `s3:${action}`),
    resources: [$interpolate`${blobs.arn}/*`],
  });
  const listObjects = { actions: ["s3:ListBucket"], resources: [blobs.arn] };
  const enqueue = { actions: ["sqs:SendMessage"], resources: [review.queue.arn] };
  return {
    site: [
      items("GetItem", "PutItem", "UpdateItem", "DeleteItem", "Query"),
      indexes,
      objects("GetObject", "PutObject", "DeleteObject"),
      // Without it S3 responds with 403 instead of 404 for a missing object, and an upload may be missing.
      listObjects,
      // Health check and operator page: queue depth, dead letters, redrive.
      { actions: ["dynamodb:DescribeTable"], resources: [table.arn] },
      { actions: ["sqs:GetQueueAttributes"], resources: [...queues.map((each) => each.queue.arn), ...dead] },
      { actions: ["sqs:ReceiveMessage", "sqs:ChangeMessageVisibility", "sqs:DeleteMessage"], resources: dead },
      { actions: ["sqs:SendMessage"], resources: queues.map((each) => each.queue.arn) },
      // CloudWatch metrics have no resource-level permissions.
      { actions: ["cloudwatch:GetMetricData"], resources: ["*"] },
    ],
    /** Streams replies, and generates the ones that are being followed. */
    logs: [items("GetItem", "PutItem", "UpdateItem", "Query"), objects("GetObject", "PutObject")],
    review: [
      items("GetItem", "PutItem", "UpdateItem", "Query", "BatchWriteItem"),
      objects("GetObject", "PutObject"),
      // Permanent failures go straight to the dead letters, with their reason.
      { actions: ["sqs:SendMessage"], resources: [review.dead.arn] },
    ],
    changes: [enqueue],
    /** Requests work again whose worker died, and migrates data. */
    sweep: [items("GetItem", "PutItem", "UpdateItem", "DeleteItem", "Scan"), indexes, enqueue],
    /** Deletes expired trash for good, with unreferenced blobs and their old versions. */
    nightly: [
      items("GetItem", "DeleteItem", "Query", "BatchWriteItem"),
      indexes,
      objects("GetObject", "DeleteObjectVersion"),
      { actions: ["s3:ListBucketVersions"], resources: [blobs.arn] },
    ],
  };
}
