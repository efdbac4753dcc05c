import { DescribeTableCommand } from "@aws-sdk/client-dynamodb";
import { GetQueueAttributesCommand } from "@aws-sdk/client-sqs";
import { pingBlobs } from "./blobs";
import { dynamo, sqs } from "./clients";
import { resources } from "./resources";
import { assertVersionsSupported, dataVersions } from "./schema-version";
import { isStorageError } from "./storage-errors";

export type Check = "ok" | "failed";
/** `data`: whether this code knows the version of what is stored. */
export type Health = {
  /** `failing`: what is stored can be read at most, and nothing is saved. */
  status: "ok" | "degraded" | "failing";
  /** Why, in a sentence for people, where the storage said so. */
  reason?: string;
  checks: { table: Check; data: Check; blobs: Check; queue: Check };
};

/** Checks that the app's dependencies respond within two seconds. Never throws. */
export async function health(): Promise<Health> {
  let reason: string | undefined;
  const attempt = (run: () => Promise<unknown>): Promise<Check> =>
    Promise.race([
      run().then(
        () => "ok" as const,
        (error) => {
          if (isStorageError(error)) reason = error.message;
          return "failed" as const;
        },
      ),
      new Promise<Check>((resolve) => setTimeout(resolve, 2_000, "failed").unref()),
    ]);
  const [table, data, blobs, queue] = await Promise.all([
    attempt(() => dynamo().send(new DescribeTableCommand({ TableName: resources.Table.name }))),
    attempt(async () => assertVersionsSupported(await dataVersions())),
    attempt(pingBlobs),
    attempt(() =>
      sqs().send(new GetQueueAttributesCommand({ QueueUrl: resources.ReviewQueue.url, AttributeNames: ["QueueArn"] })),
    ),
  ]);
  const checks = { table, data, blobs, queue };
  if (reason !== undefined) return { status: "failing", reason, checks };
  return { status: Object.values(checks).every((check) => check === "ok") ? "ok" : "degraded", checks };
}
