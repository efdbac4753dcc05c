/**
 * Makes what the infrastructure makes on AWS: the table, the bucket and the queues; migrates the data of former builds and
 * releases the leases of former starts. The data lock is ours and no worker has begun, so all of their holders are dead. Run to its end, each start.
 */
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { S3Client } from "@aws-sdk/client-s3";
import { SQSClient } from "@aws-sdk/client-sqs";
import { CODE, dataVersions, supports, unsupportedVersionMessage } from "@redline/core/platform/schema-version";
import { isStorageError } from "@redline/core/platform/storage-errors";
import { migrateAtStart, releaseLeases } from "@redline/core/recovery/index";
import { LOCAL_REGION, localCredentials } from "../credentials";
import { ensureTable } from "../provision";
import { ensureBuckets, productBucket } from "../provision-buckets";
import { ensureQueues } from "../provision-queues";
import { BUCKET, QUEUES, TABLE } from "./resource-env";

const client = { region: LOCAL_REGION, credentials: localCredentials() };

try {
  await Promise.all([
    ensureTable(new DynamoDBClient(client), TABLE),
    ensureBuckets(new S3Client({ ...client, forcePathStyle: true }), [productBucket(BUCKET)]),
    ensureQueues(new SQSClient(client), Object.values(QUEUES)),
  ]);
  const data = await dataVersions();
  if (!supports(CODE, data)) refuse(unsupportedVersionMessage(CODE, data));
  await migrateAtStart();
  await releaseLeases("all");
} catch (error) {
  if (isStorageError(error)) refuse(error.message);
  throw error;
}
process.exit();

function refuse(sentence: string): never {
  process.stderr.write(`${sentence}\n`);
  process.exit(1);
}
