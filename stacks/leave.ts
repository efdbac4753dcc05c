/// <reference path="../.sst/platform/config.d.ts" />
import type { Data } from "./data";
import { allQueues, type Queues } from "./queues";

type OnItems = "GetItem" | "PutItem" | "UpdateItem" | "DeleteItem" | "Query" | "BatchWriteItem";
type OnObjects = "GetObject" | "PutObject" | "DeleteObject" | "DeleteObjectVersion";

/**
 * What each function may do with what is stored and queued: exactly what its code does. SST's own links would grant every
 * action. `tests/infra/bundles.test.ts` runs each function with no more than this, and says what none of them needed.
 */
export function leave({ table, blobs }: Data, jobs: Queues) {
  const { review } = jobs;
  const queues = allQueues(jobs);
  const dead = queues.map((each) => each.dead.arn);
  const items = (...verbs: OnItems[]) => ({
    actions: verbs.map((verb) => `dynamodb:${verb}`),
    resources: [table.arn],
  });
  const indexes = { actions: ["dynamodb:Query"], resources: [$interpolate`${table.arn}/index/*`] };
  const objects = (...verbs: OnObjects[]) => ({
    actions: verbs.map((verb) => `s3:${verb}`),
    resources: [$interpolate`${blobs.arn}/*`],
  });
  const listing = { actions: ["s3:ListBucket"], resources: [blobs.arn] };
  const announce = { actions: ["sqs:SendMessage"], resources: [review.queue.arn] };
  return {
    site: [
      items("GetItem", "PutItem", "UpdateItem", "DeleteItem", "Query"),
      indexes,
      objects("GetObject", "PutObject", "DeleteObject"),
      // Who may not list is told *forbidden* of an object that is not there; here an upload may not be.
      listing,
      // Whether all is well, and the operator's page: what waits, dead letters, and putting them back.
      { actions: ["dynamodb:DescribeTable"], resources: [table.arn] },
      { actions: ["sqs:GetQueueAttributes"], resources: [...queues.map((each) => each.queue.arn), ...dead] },
      { actions: ["sqs:ReceiveMessage", "sqs:ChangeMessageVisibility", "sqs:DeleteMessage"], resources: dead },
      { actions: ["sqs:SendMessage"], resources: queues.map((each) => each.queue.arn) },
      // CloudWatch has no resources to name.
      { actions: ["cloudwatch:GetMetricData"], resources: ["*"] },
    ],
    /** Follows answers, and writes those that are followed. */
    logs: [items("GetItem", "PutItem", "UpdateItem", "Query"), objects("GetObject", "PutObject")],
    review: [
      items("GetItem", "PutItem", "UpdateItem", "Query", "BatchWriteItem"),
      objects("GetObject", "PutObject"),
      // Jobs that can't be done go there at once, with their reason.
      { actions: ["sqs:SendMessage"], resources: [review.dead.arn] },
    ],
    changes: [announce],
    /** It ends answers whose writer died, and the text of a long one is a blob. */
    sweep: [items("GetItem", "PutItem", "UpdateItem", "Query"), indexes, objects("GetObject", "PutObject"), announce],
    /** What the trash gives up goes for good, with the blobs that nothing names and their old versions. */
    nightly: [
      items("GetItem", "DeleteItem", "Query", "BatchWriteItem"),
      indexes,
      objects("GetObject", "DeleteObjectVersion"),
      { actions: ["s3:ListBucketVersions"], resources: [blobs.arn] },
    ],
  };
}
