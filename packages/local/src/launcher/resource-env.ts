/** The laptop's linked resources, which SST resources on AWS: names and addresses, as `Resource` reads them. */
import { CLOUD_KEY_VARIABLE, LOCAL_ACCOUNT, localCredentials } from "../credentials";
import { DEAD_SUFFIX } from "../sqs/dead-letters";

export const TABLE = "redline";
export const BUCKET = "redline-blobs";
export const QUEUES = { ReviewQueue: { name: "redline-review", functionTimeoutSeconds: 300 } } as const;

/** Names of the functions on the laptop, by the labels that operators see (`stacks/functions.ts`). */
export const FUNCTIONS = {
  Site: "site",
  Logs: "logs",
  Review: "review",
  Changes: "stream-table-changes",
  Check: "check",
  Sweep: "cron-sweep",
  Nightly: "cron-nightly",
} as const;

export interface CloudAddresses {
  dynamodb: string;
  s3: string;
  sqs: string;
  /** Without it, no metrics are recorded. */
  cloudwatch?: string;
}

/** Returns the environment that a process needs to reach the laptop's cloud. `cloudKey` defaults to this process's key. */
export function resourceEnv(
  { dynamodb, s3, sqs, cloudwatch }: CloudAddresses,
  signingKey: string,
  cloudKey = localCredentials().secretAccessKey,
): Record<string, string> {
  const resources: Record<string, object> = {
    App: { name: "redline", stage: "local" },
    Table: { name: TABLE, type: "sst.aws.Dynamo" },
    Blobs: { name: BUCKET, type: "sst.aws.Bucket" },
    CheckFunction: { name: "check", type: "sst.aws.Function" },
    Functions: { names: FUNCTIONS, type: "sst.sst.Linkable" },
    SigningKey: { value: signingKey, type: "sst.sst.Secret" },
  };
  const queues: Record<string, { url: string; deadUrl: string }> = {};
  for (const [resource, { name }] of Object.entries(QUEUES)) {
    const url = `${sqs}/${LOCAL_ACCOUNT}/${name}`;
    const deadUrl = url + DEAD_SUFFIX;
    resources[resource] = { url, type: "sst.aws.Queue" };
    resources[resource.replace(/Queue$/, "DeadQueue")] = { url: deadUrl, type: "sst.aws.Queue" };
    queues[resource.replace(/Queue$/, "").toLowerCase()] = { url, deadUrl };
  }
  resources.Queues = { queues, type: "sst.sst.Linkable" };
  return {
    REDLINE_LOCAL: "1",
    [CLOUD_KEY_VARIABLE]: cloudKey,
    AWS_ENDPOINT_URL_DYNAMODB: dynamodb,
    AWS_ENDPOINT_URL_S3: s3,
    AWS_ENDPOINT_URL_SQS: sqs,
    ...(cloudwatch && { AWS_ENDPOINT_URL_CLOUDWATCH: cloudwatch }),
    ...Object.fromEntries(
      Object.entries(resources).map(([name, value]) => [`SST_RESOURCE_${name}`, JSON.stringify(value)]),
    ),
  };
}
