/** What SST links on AWS, for the laptop's processes: names and addresses, as `Resource` reads them. */
import { CLOUD_KEY_VARIABLE, LOCAL_ACCOUNT, localCredentials } from "../credentials";
import { DEAD_SUFFIX } from "../sqs/dead-letters";

export const TABLE = "redline";
export const BUCKET = "redline-blobs";
export const QUEUES = { ReviewQueue: { name: "redline-review", functionTimeoutSeconds: 300 } } as const;

/** What functions are called on the laptop, by the labels that operators know them by (`stacks/functions.ts`). */
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
  /** Without it nothing is measured. */
  cloudwatch?: string;
}

/** The environment of every process that speaks to the laptop's cloud, whose key this process's own is when none is given. */
export function linkedEnv(
  { dynamodb, s3, sqs, cloudwatch }: CloudAddresses,
  signingKey: string,
  cloudKey = localCredentials().secretAccessKey,
): Record<string, string> {
  const links: Record<string, object> = {
    App: { name: "redline", stage: "local" },
    Table: { name: TABLE, type: "sst.aws.Dynamo" },
    Blobs: { name: BUCKET, type: "sst.aws.Bucket" },
    CheckFunction: { name: "check", type: "sst.aws.Function" },
    Functions: { names: FUNCTIONS, type: "sst.sst.Linkable" },
    SigningKey: { value: signingKey, type: "sst.sst.Secret" },
  };
  const queues: Record<string, { url: string; deadUrl: string }> = {};
  for (const [link, { name }] of Object.entries(QUEUES)) {
    const url = `${sqs}/${LOCAL_ACCOUNT}/${name}`;
    const deadUrl = url + DEAD_SUFFIX;
    links[link] = { url, type: "sst.aws.Queue" };
    links[link.replace(/Queue$/, "DeadQueue")] = { url: deadUrl, type: "sst.aws.Queue" };
    queues[link.replace(/Queue$/, "").toLowerCase()] = { url, deadUrl };
  }
  links.Queues = { queues, type: "sst.sst.Linkable" };
  return {
    REDLINE_LOCAL: "1",
    [CLOUD_KEY_VARIABLE]: cloudKey,
    AWS_ENDPOINT_URL_DYNAMODB: dynamodb,
    AWS_ENDPOINT_URL_S3: s3,
    AWS_ENDPOINT_URL_SQS: sqs,
    ...(cloudwatch && { AWS_ENDPOINT_URL_CLOUDWATCH: cloudwatch }),
    ...Object.fromEntries(
      Object.entries(links).map(([name, value]) => [`SST_RESOURCE_${name}`, JSON.stringify(value)]),
    ),
  };
}
