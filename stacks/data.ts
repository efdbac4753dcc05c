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
  /** Where Slack is told of alarms; linked to what tells it. */
  const slackWebhook = new sst.Secret("SlackWebhook", NOT_SET);
  /** Where they are; what may be done there each function is told by itself (`leave.ts`). */
  const tableLink = new sst.Linkable("Table", { properties: { name: table.name } });
  const blobsLink = new sst.Linkable("Blobs", { properties: { name: blobs.name } });
  return {
    table,
    tableLink,
    blobs,
    blobsLink,
    failures,
    signingKeys: [signingKey, signingKeyBefore],
    signingKey,
    modelKey,
    slackWebhook,
  };
}
