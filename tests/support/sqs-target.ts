/** The target of the SQS conformance suite: the local cloud, or queues in the environment's account. */
import { randomUUID } from "node:crypto";
import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  type Message,
  type QueueAttributeName,
  ReceiveMessageCommand,
  type ReceiveMessageCommandInput,
  SendMessageCommand,
  type SendMessageCommandInput,
  type SendMessageCommandOutput,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { localClient, startTestCloud, type TestCloud } from "./cloud";
import { onAws } from "./conformance";

const ALL = "All" as const;

export interface SqsTarget {
  /** With default settings. */
  client: SQSClient;
  /** A new queue. @returns its address; `suffix` goes at the end of its name */
  create(attributes?: Partial<Record<QueueAttributeName, string>>, suffix?: string): Promise<string>;
  attributes(queueUrl: string): Promise<Partial<Record<QueueAttributeName, string>>>;
  send(queueUrl: string, body: string, more?: Partial<SendMessageCommandInput>): Promise<SendMessageCommandOutput>;
  /** Waits up to 2 s for a message unless said otherwise. */
  receive(queueUrl: string, more?: Partial<ReceiveMessageCommandInput>): Promise<Message[]>;
  /** Does not wait. */
  receiveNow(queueUrl: string, more?: Partial<ReceiveMessageCommandInput>): Promise<Message[]>;
  remove(queueUrl: string, message: Message | undefined): Promise<unknown>;
  hide(queueUrl: string, message: Message | undefined, seconds: number): Promise<unknown>;
  /** Only on the laptop. */
  cloud?: TestCloud;
  close(): Promise<void>;
}

export const bodies = (messages: Message[]) => messages.map(({ Body }) => Body);

export async function startSqsTarget(): Promise<SqsTarget> {
  const cloud = onAws ? undefined : await startTestCloud();
  const client = cloud ? sqsClient(cloud.endpoints.sqs) : new SQSClient({});
  const created: string[] = [];
  const receive = async (QueueUrl: string, more: Partial<ReceiveMessageCommandInput> = {}) => {
    const wanted = { QueueUrl, WaitTimeSeconds: 2, MessageSystemAttributeNames: [ALL], ...more };
    return (await client.send(new ReceiveMessageCommand(wanted))).Messages ?? [];
  };
  return {
    client,
    receive,
    receiveNow: (queueUrl, more) => receive(queueUrl, { WaitTimeSeconds: 0, ...more }),
    send: (QueueUrl, MessageBody, more) => client.send(new SendMessageCommand({ QueueUrl, MessageBody, ...more })),
    remove: (QueueUrl, message) =>
      client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: message?.ReceiptHandle })),
    hide: (QueueUrl, message, VisibilityTimeout) =>
      client.send(
        new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle: message?.ReceiptHandle, VisibilityTimeout }),
      ),
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
