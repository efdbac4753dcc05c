/** Failure records: an object for each change of the table that its function could not process, with the reason. */
import { randomUUID } from "node:crypto";
import type { DynamoDBRecord } from "aws-lambda";
import { LOCAL_REGION, localCredentials } from "../credentials";
import { type FailureReport, functionArn } from "./handler";

export const FAILURES_PREFIX = "failures/";

/**
 * Writes `failures/<function>/<time>-<id>` in the shape of Lambda's on-failure destination.
 * @throws when it could not be written
 */
export async function writeFailureRecord(
  endpoint: string,
  bucket: string,
  functionName: string,
  record: DynamoDBRecord,
  { errorType, errorMessage }: FailureReport,
  attempts: number,
): Promise<void> {
  // Loaded only here: failures are rare, and the client is larger than all of the workers.
  const { PutObjectCommand, S3Client } = await import("@aws-sdk/client-s3");
  const client = new S3Client({
    endpoint,
    region: LOCAL_REGION,
    credentials: localCredentials(),
    forcePathStyle: true,
  });
  const timestamp = new Date().toISOString();
  const requestId = randomUUID();
  const SequenceNumber = record.dynamodb?.SequenceNumber;
  const body = {
    version: "1.0",
    timestamp,
    requestContext: {
      requestId,
      functionArn: `${functionArn(functionName)}:$LATEST`,
      condition: "RetryAttemptsExhausted",
      approximateInvokeCount: attempts,
    },
    responseContext: { statusCode: 200, executedVersion: "$LATEST", functionError: "Unhandled" },
    error: { errorType, errorMessage },
    DDBStreamBatchInfo: {
      startSequenceNumber: SequenceNumber,
      endSequenceNumber: SequenceNumber,
      batchSize: 1,
      streamArn: record.eventSourceARN,
    },
    payload: { Records: [record] },
  };
  try {
    await client.send(
      new PutObjectCommand({
        Bucket: bucket,
        Key: `${FAILURES_PREFIX}${functionName}/${timestamp.replaceAll(":", ".")}-${requestId}`,
        Body: JSON.stringify(body),
        ContentType: "application/json",
      }),
    );
  } finally {
    client.destroy();
  }
}
