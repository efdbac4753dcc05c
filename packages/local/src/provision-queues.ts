/** Creates the queues that the product needs on the laptop, as the infrastructure does on AWS. */
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  QueueNameExists,
  SetQueueAttributesCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import { DEAD_SUFFIX } from "./sqs/dead-letters";

export interface QueuePlan {
  name: string;
  /** The timeout of the function that takes its messages. */
  functionTimeoutSeconds: number;
}

export interface EnsuredQueue {
  url: string;
  /** The dead-letter queue. */
  deadUrl: string;
}

const DAY_SECONDS = 86_400;
const RETENTION_DAYS = 4;
const DEAD_RETENTION_DAYS = 14;
const RECEIVES = 3;
/** AWS's advice for Lambda: a job must not be given out again while its function may still be at work on it. */
const VISIBILITY_TIMEOUTS = 6;

/** The queues and their dead-letter queues exist afterwards with these settings. @returns where, by name */
export async function ensureQueues(client: SQSClient, plans: QueuePlan[]): Promise<Record<string, EnsuredQueue>> {
  const ensured = await Promise.all(
    plans.map(async (plan) => [plan.name, await ensureWithDeadLetters(client, plan)] as const),
  );
  return Object.fromEntries(ensured);
}

async function ensureWithDeadLetters(
  client: SQSClient,
  { name, functionTimeoutSeconds }: QueuePlan,
): Promise<EnsuredQueue> {
  const deadUrl = await ensureQueue(client, name + DEAD_SUFFIX, {
    MessageRetentionPeriod: String(DEAD_RETENTION_DAYS * DAY_SECONDS),
  });
  const { Attributes } = await client.send(
    new GetQueueAttributesCommand({ QueueUrl: deadUrl, AttributeNames: ["QueueArn"] }),
  );
  const url = await ensureQueue(client, name, {
    MessageRetentionPeriod: String(RETENTION_DAYS * DAY_SECONDS),
    VisibilityTimeout: String(VISIBILITY_TIMEOUTS * functionTimeoutSeconds),
    RedrivePolicy: JSON.stringify({ deadLetterTargetArn: Attributes?.QueueArn, maxReceiveCount: RECEIVES }),
  });
  return { url, deadUrl };
}

/** A queue that is there with other settings, from an older version of Redline, gets these. */
async function ensureQueue(client: SQSClient, QueueName: string, Attributes: Record<string, string>): Promise<string> {
  try {
    const { QueueUrl = "" } = await client.send(new CreateQueueCommand({ QueueName, Attributes }));
    return QueueUrl;
  } catch (error) {
    if (!(error instanceof QueueNameExists)) throw error;
    const { QueueUrl = "" } = await client.send(new GetQueueUrlCommand({ QueueName }));
    await client.send(new SetQueueAttributesCommand({ QueueUrl, Attributes }));
    return QueueUrl;
  }
}
