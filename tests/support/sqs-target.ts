/** What SQS's conformance suite speaks to: the laptop's cloud, or queues in the environment's account. */
import { randomUUID } from "node:crypto";
import {
  CreateQueueCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  type QueueAttributeName,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { localClient, startTestCloud, type TestCloud } from "./cloud";
import { onAws } from "./conformance";

export interface SqsTarget {
  /** With default settings. */
  client: SQSClient;
  /** A new queue. @returns its address; `suffix` goes at the end of its name */
  create(attributes?: Partial<Record<QueueAttributeName, string>>, suffix?: string): Promise<string>;
  attributes(queueUrl: string): Promise<Partial<Record<QueueAttributeName, string>>>;
  /** Only on the laptop. */
  cloud?: TestCloud;
  close(): Promise<void>;
}

export async function startSqsTarget(): Promise<SqsTarget> {
  const cloud = onAws ? undefined : await startTestCloud();
  const client = cloud ? sqsClient(cloud.endpoints.sqs) : new SQSClient({});
  const created: string[] = [];
  return {
    client,
    cloud,
    async create(Attributes, suffix = "") {
      const QueueName = `redline-conformance-${randomUUID()}${suffix}`;
      const { QueueUrl = "" } = await client.send(new CreateQueueCommand({ QueueName, Attributes }));
      created.push(QueueUrl);
      return QueueUrl;
    },
    async attributes(QueueUrl) {
      const { Attributes } = await client.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["All"] }));
      return Attributes ?? {};
    },
    async close() {
      if (!cloud) for (const QueueUrl of created) await client.send(new DeleteQueueCommand({ QueueUrl }));
      client.destroy();
      await cloud?.close();
    },
  };
}

export const sqsClient = (endpoint: string) => new SQSClient(localClient(endpoint));
