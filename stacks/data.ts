/// <reference path="../.sst/platform/config.d.ts" />
import { isProduction, POLICY } from "./policy";

/** Default of an optional secret. */
const UNSET = "none";

export type Data = ReturnType<typeof data>;

/** Creates the table, the blob bucket and the secrets. */
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
  /** Stream records whose outbox job could not be enqueued, kept for the operator to inspect. */
  const failures = new sst.aws.Bucket("StreamFailures", { enforceHttps: true });
  const signingKey = new sst.Secret("SigningKey");
  /** The previous key during a rotation, when both are accepted (docs/operating/secrets.md). */
  const signingKeyBefore = new sst.Secret("SigningKeyBefore", UNSET);
  /** API key of an OpenAI-compatible server; linked only to functions that call a model. */
  const modelKey = new sst.Secret("ModelKey", UNSET);
  /** Linked only to the function that posts alarms to Slack. */
  const slackWebhook = new sst.Secret("SlackWebhook", UNSET);
  /** These links carry names only; permissions are granted per function (`permissions.ts`). */
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
