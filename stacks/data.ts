/// <reference path="../.sst/platform/config.d.ts" />
import { POLICY } from "./policy";

export type Data = ReturnType<typeof data>;

/** What everything stands on: the one table, the blobs and the key that signs cursors. */
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
    deletionProtection: $app.stage === "production",
    transform: {
      table: (args) => {
        args.serverSideEncryption = { enabled: true };
      },
    },
  });
  const blobs = new sst.aws.Bucket("RedlineBlobs", {
    versioning: true,
    enforceHttps: true,
    lifecycle: [{ prefix: "uploads/", expiresIn: `${POLICY.uploadDays} day` }],
  });
  return { table, blobs, links: [tableLink(table), blobsLink(blobs), new sst.Secret("SigningKey")] };
}

/** Exact actions: SST's own link would grant every action on the table. */
const tableLink = (table: sst.aws.Dynamo) =>
  new sst.Linkable("Table", {
    properties: { name: table.name },
    include: [
      sst.aws.permission({
        actions: [
          "dynamodb:GetItem",
          "dynamodb:PutItem",
          "dynamodb:UpdateItem",
          "dynamodb:DeleteItem",
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
