/** Makes what the infrastructure makes on AWS: the table, the bucket and the queues. Run to its end, each start. */
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { CreateBucketCommand, HeadBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { CreateQueueCommand, GetQueueAttributesCommand, SQSClient } from "@aws-sdk/client-sqs";
import { LOCAL_CREDENTIALS, LOCAL_REGION } from "../credentials";
import { ensureTable } from "../provision";
import { BUCKET, DEAD_SUFFIX, QUEUES, TABLE } from "./links";

const DAY_SECONDS = 24 * 60 * 60;
const RECEIVES = 3;
const client = { region: LOCAL_REGION, credentials: LOCAL_CREDENTIALS };

async function ensureBucket(): Promise<void> {
  const s3 = new S3Client({ ...client, forcePathStyle: true });
  try {
    await s3.send(new HeadBucketCommand({ Bucket: BUCKET }));
  } catch {
    await s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
  }
}

async function ensureQueue(sqs: SQSClient, name: string, functionTimeoutSeconds: number): Promise<void> {
  const days = (count: number) => String(count * DAY_SECONDS);
  const dead = await sqs.send(
    new CreateQueueCommand({ QueueName: `${name}${DEAD_SUFFIX}`, Attributes: { MessageRetentionPeriod: days(14) } }),
  );
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: dead.QueueUrl, AttributeNames: ["QueueArn"] }),
  );
  await sqs.send(
    new CreateQueueCommand({
      QueueName: name,
      Attributes: {
        MessageRetentionPeriod: days(4),
        // A job must not be given out again while its function may still be at work on it.
        VisibilityTimeout: String(6 * functionTimeoutSeconds),
        RedrivePolicy: JSON.stringify({ deadLetterTargetArn: Attributes?.QueueArn, maxReceiveCount: RECEIVES }),
      },
    }),
  );
}

const sqs = new SQSClient(client);
await Promise.all([
  ensureTable(new DynamoDBClient(client), TABLE),
  process.env.AWS_ENDPOINT_URL_S3 && ensureBucket(),
  ...Object.values(QUEUES).map(
    ({ name, functionTimeoutSeconds }) =>
      process.env.AWS_ENDPOINT_URL_SQS && ensureQueue(sqs, name, functionTimeoutSeconds),
  ),
]);
process.exit();
