/** Rules for stored data. */
import { each } from "./infra-rule.mjs";

/** @typedef {import("./infra-rule.mjs").InfraRule} InfraRule */

/** @type {InfraRule[]} */
export const DATA = [
  {
    rule: "the table can be restored to any second of the last 35 days",
    problems: ({ table }) => (table.inputs.pointInTimeRecovery?.enabled ? [] : ["no point-in-time recovery"]),
    mutate: ({ table }) => {
      table.inputs.pointInTimeRecovery = { enabled: false };
    },
  },
  {
    rule: "the table is encrypted, on demand, and expires items",
    problems: ({ table: { inputs } }) => [
      ...(inputs.serverSideEncryption?.enabled ? [] : ["not encrypted"]),
      ...(inputs.billingMode === "PAY_PER_REQUEST" ? [] : ["not on demand"]),
      ...(inputs.ttl?.enabled && inputs.ttl.attributeName === "ttl" ? [] : ["no expiry"]),
    ],
    mutate: ({ table }) => void delete table.inputs.serverSideEncryption,
  },
  {
    rule: "production's table cannot be deleted by mistake",
    in: "production",
    problems: ({ table, app }) => [
      ...(table.inputs.deletionProtectionEnabled ? [] : ["the table can be deleted"]),
      ...(app.protect && app.removal === "retain" ? [] : ["removing the stage would remove its data"]),
    ],
    mutate: ({ table }) => {
      table.inputs.deletionProtectionEnabled = false;
    },
  },
  {
    rule: "the stream carries both images and wakes its function for announcements only, in parts, a bounded number of times",
    problems: (stack) => {
      const { inputs } = stack.one("aws:lambda/eventSourceMapping:EventSourceMapping", /TableChanges/);
      const filter = JSON.stringify(inputs.filterCriteria ?? {});
      return [
        ...(stack.table.inputs.streamViewType === "NEW_AND_OLD_IMAGES" ? [] : ["not both images"]),
        ...(filter.includes("outboxId") ? [] : ["no filter on outboxId"]),
        ...(inputs.functionResponseTypes?.includes("ReportBatchItemFailures") ? [] : ["no partial batches"]),
        ...(inputs.bisectBatchOnFunctionError ? [] : ["no bisecting"]),
        ...(inputs.maximumRetryAttempts === 5 ? [] : ["not five attempts"]),
        ...(/^arn:aws:s3:/.test(inputs.destinationConfig?.onFailure?.destinationArn ?? "")
          ? []
          : ["failures are dropped"]),
      ];
    },
    mutate: (stack) => {
      stack.one("aws:lambda/eventSourceMapping:EventSourceMapping", /TableChanges/).inputs.destinationConfig =
        undefined;
    },
  },
  {
    rule: "every bucket is closed to the public and to plain HTTP",
    problems: (stack) =>
      stack.all("aws:s3/bucket:Bucket").flatMap((bucket) => {
        const physical = bucket.inputs.bucket;
        const block = stack
          .all("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock")
          .find((each) => each.inputs.bucket === physical);
        const policy = stack.all("aws:s3/bucketPolicy:BucketPolicy").find((each) => each.inputs.bucket === physical);
        const isBlocked = ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"].every(
          (name) => block?.inputs[name] === true,
        );
        return [
          ...(isBlocked ? [] : each([bucket], "open to the public")),
          ...(/"Deny".*aws:SecureTransport/.test(policy?.inputs.policy ?? "")
            ? []
            : each([bucket], "takes plain HTTP")),
        ];
      }),
    mutate: (stack) => stack.remove("aws:s3/bucketPolicy:BucketPolicy", /^RedlineBlobs/),
  },
  {
    rule: "blobs keep old versions for 90 days, uploads for one and exports for seven",
    problems: (stack) => {
      const versioning = stack.one("aws:s3/bucketVersioning:BucketVersioning", /^RedlineBlobs/);
      const { rules } = stack.one(
        "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
        /^RedlineBlobs/,
      ).inputs;
      const days = (/** @type {string} */ prefix) =>
        rules.find((/** @type {any} */ rule) => rule.filter?.prefix === prefix)?.expiration?.days;
      const old = rules.find((/** @type {any} */ rule) => rule.noncurrentVersionExpiration);
      return [
        ...(versioning.inputs.versioningConfiguration?.status === "Enabled" ? [] : ["not versioned"]),
        ...(days("uploads/") === 1 ? [] : ["uploads stay"]),
        ...(days("exports/") === 7 ? [] : ["exports stay"]),
        ...(old?.noncurrentVersionExpiration.noncurrentDays === 90 ? [] : ["old versions stay"]),
      ];
    },
    mutate: (stack) => {
      stack.one("aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration", /^RedlineBlobs/).inputs.rules.pop();
    },
  },
];
