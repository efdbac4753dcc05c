/// <reference path="../.sst/platform/config.d.ts" />
import { isProduction, POLICY } from "./policy";

/** The value of a secret that need not be set. */
const NOT_SET = "none";

export type Data = ReturnType<typeof data>;

/** What everything stands on: the one table, the blobs, and the keys. */
export function data() {
  const table = new sst.aws.Dynamo("RedlineTable", {
    fields: { pk: "string", sk: "string", gsi1pk: "string", gsi1sk: "string", gsi2pk: "string", gsi2sk: "string" },
    primaryIndex: { hashKey: "pk", rangeKey: "sk" },
    globalIndexes: {
      gsi1: { hashKey: "gsi1pk", rangeKey: "gsi1sk" },
      gsi2: { hashKey: "gsi2pk", rangeKey: "gsi2sk" },
    },
    ttl: "ttl",
    stream: "new-and-old-images",
    deletionProtection: isProduction($app.stage),
    transform: {
      table: (args) => {
        args.serverSideEncryption = { enabled: true };
        args.pointInTimeRecovery = { enabled: true };
      },
    },
  });
  const blobs = new sst.aws.Bucket("RedlineBlobs", {
    versioning: true,
    enforceHttps: true,
    lifecycle: [
      { id: "uploads", prefix: "uploads/", expiresIn: `${POLICY.blobs.uploadDays} day` },
      { id: "exports", prefix: "exports/", expiresIn: `${POLICY.blobs.exportDays} days` },
    ],
    transform: {
      lifecycle: (args) => {
        args.rules = $resolve(args.rules ?? []).apply((rules) => [
          ...rules,
          {
            id: "old-versions",
            status: "Enabled",
            filter: { prefix: "" },
            noncurrentVersionExpiration: { noncurrentDays: POLICY.blobs.oldVersionDays },
          },
        ]);
      },
    },
  });
  /** Stream records that could not be announced, for the operator to look at and send again. */
  const failures = new sst.aws.Bucket("StreamFailures", { enforceHttps: true });
  const signingKey = new sst.Secret("SigningKey");
  /** While the key is rotated, the one before: both are good (docs/operating/secrets.md). */
  const signingKeyBefore = new sst.Secret("SigningKeyBefore", NOT_SET);
  /** Of an OpenAI-compatible server; linked to what calls a model. */
  const modelKey = new sst.Secret("ModelKey", NOT_SET);
  const links = [tableLink(table), blobsLink(blobs), signingKey, signingKeyBefore];
  return { table, blobs, failures, signingKey, modelKey, links };
}

/** Exact actions: SST's own link would grant every action on the table. */
const tableLink = (table: sst.aws.Dynamo) =>
  new sst.Linkable("Table", {
    properties: { name: table.name },
    include: [
      sst.aws.permission({
        actions: [
          "dynamodb:GetItem",
          "dynamodb:BatchGetItem",
          "dynamodb:PutItem",
          "dynamodb:UpdateItem",
          "dynamodb:DeleteItem",
          "dynamodb:ConditionCheckItem",
          "dynamodb:Query",
          "dynamodb:BatchWriteItem",
          "dynamodb:DescribeTable",
        ],
        resources: [table.arn, $interpolate`${table.arn}/index/*`],
      }),
    ],
  });

const blobsLink = (blobs: sst.aws.Bucket) =>
  new sst.Linkable("Blobs", {
    properties: { name: blobs.name },
    include: [
      sst.aws.permission({
        actions: ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"],
        resources: [$interpolate`${blobs.arn}/*`],
      }),
      sst.aws.permission({ actions: ["s3:ListBucket"], resources: [blobs.arn] }),
    ],
  });

/** What only the nightly sweep does: look for blobs that nothing names and remove them with their old versions. */
export const sweepPermissions = ({ blobs }: Data) => [
  { actions: ["s3:ListBucketVersions"], resources: [blobs.arn] },
  { actions: ["s3:DeleteObjectVersion"], resources: [$interpolate`${blobs.arn}/*`] },
];
