import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { S3Client } from "@aws-sdk/client-s3";
import { SQSClient } from "@aws-sdk/client-sqs";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { withStorageErrors } from "./storage-errors";

/**
 * The laptop's cloud has credentials of its own, the key of its data folder. They are given to each client and are no
 * `AWS_…` of the environment, so that nothing local can reach a real account and they never shadow the chain that Bedrock
 * uses.
 */
const localSettings = () => ({
  region: "us-east-1",
  credentials: { accessKeyId: "redline", secretAccessKey: process.env.REDLINE_CLOUD_KEY ?? "" },
});

/** Settings that all AWS clients share. */
export const clientSettings = () => ({ maxAttempts: 3, ...(process.env.REDLINE_LOCAL === "1" && localSettings()) });

/** A client of the SDK, reduced to what an observer of its calls needs. */
export type Client = { middlewareStack: { remove: unknown; use: unknown }; config: unknown };

const made: Client[] = [];
let watching: ((client: Client) => void) | undefined;

/** Calls `watch` with every client of this process, present and future: the tracer observes their calls. */
export function watchClients(watch: (client: Client) => void): void {
  watching = watch;
  for (const client of made) watch(client);
}

const lazy = <T extends Client>(make: () => T): (() => T) => {
  let only: T | undefined;
  return () => {
    if (!only) {
      only = make();
      made.push(only);
      watching?.(only);
    }
    return only;
  };
};

export const dynamo = lazy(() =>
  DynamoDBDocumentClient.from(withStorageErrors(new DynamoDBClient(clientSettings())), {
    marshallOptions: { removeUndefinedValues: true },
  }),
);
export const s3 = lazy(() =>
  withStorageErrors(
    new S3Client({ ...clientSettings(), ...(process.env.REDLINE_LOCAL === "1" && { forcePathStyle: true }) }),
  ),
);
export const sqs = lazy(() => withStorageErrors(new SQSClient(clientSettings())));
export const lambda = lazy(() => new LambdaClient(clientSettings()));
