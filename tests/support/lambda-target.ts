/** Workers for tests: functions made for the purpose, on a laptop's cloud with a table, a bucket and a queue. */
import { PutItemCommand } from "@aws-sdk/client-dynamodb";
import { LambdaClient } from "@aws-sdk/client-lambda";
import type { S3Client } from "@aws-sdk/client-s3";
import {
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import type { FunctionConfig } from "@redline/local/lambda/functions";
import type { Handler } from "@redline/local/lambda/handler";
import { startWorkers, type Workers } from "@redline/local/lambda/start";
import { ensureTable } from "@redline/local/provision";
import { ensureBuckets } from "@redline/local/provision-buckets";
import { ensureQueues } from "@redline/local/provision-queues";
import { localClient, startTestCloud, type TestCloud } from "./cloud";
import { s3Client } from "./s3-target";
import { sqsClient } from "./sqs-target";

const BUCKET = "lambda-conformance";
const TABLE = "lambda-conformance";

export class LambdaTarget {
  /** Of the workers started last. */
  lambda = new LambdaClient();
  /** The queue of the test, new at each `renew`. */
  queue = "";
  queueUrl = "";
  /** The error types that the functions of the test failed with. */
  reported: string[] = [];
  readonly bucket = BUCKET;
  private deadUrl = "";
  private renewals = 0;
  private workers: Workers | undefined;

  private constructor(
    readonly cloud: TestCloud,
    readonly sqs: SQSClient,
    readonly s3: S3Client,
  ) {}

  static async start(): Promise<LambdaTarget> {
    const cloud = await startTestCloud();
    const target = new LambdaTarget(cloud, sqsClient(cloud.endpoints.sqs), s3Client(cloud.endpoints.s3));
    await ensureTable(cloud.dynamodb, TABLE);
    await ensureBuckets(target.s3, [{ name: BUCKET }]);
    return target;
  }

  /** A queue that no other test has used, no faults, no workers. */
  async renew(): Promise<void> {
    await this.stop();
    this.cloud.setFaults(undefined);
    this.reported = [];
    this.queue = `jobs-${++this.renewals}`;
    const ensured = (await ensureQueues(this.sqs, [{ name: this.queue, functionTimeoutSeconds: 1 }]))[this.queue];
    this.queueUrl = ensured?.url ?? "";
    this.deadUrl = ensured?.deadUrl ?? "";
  }

  async stop(): Promise<void> {
    this.lambda.destroy();
    await this.workers?.close();
    this.workers = undefined;
  }

  async close(): Promise<void> {
    await this.stop();
    this.sqs.destroy();
    this.s3.destroy();
    await this.cloud.close();
  }

  /**
   * Starts workers whose functions are these, each with the settings at its place.
   * @param loaded gets the names of the functions as they are loaded
   */
  async work(
    handlers: Record<string, Handler>,
    settings: Partial<FunctionConfig>[] = [],
    loaded: string[] = [],
  ): Promise<Workers> {
    this.workers = await startWorkers({
      functions: Object.keys(handlers).map((name, index) => ({ name, timeoutMs: 5_000, ...settings[index] })),
      load: async (name) => {
        loaded.push(name);
        const handler = handlers[name];
        if (!handler) throw new Error(`no ${name}`);
        return { handler };
      },
      endpoints: this.cloud.endpoints,
      bucket: BUCKET,
      table: TABLE,
      report: ({ errorType }) => void this.reported.push(errorType),
      retryDelayS: 0,
      streamRetryDelayMs: 1,
    });
    this.lambda = new LambdaClient(localClient(this.workers.url));
    return this.workers;
  }

  fromQueue(batchSize = 10, concurrency = 1): Partial<FunctionConfig> {
    return { trigger: { queue: this.queue, batchSize, concurrency } };
  }

  fromStream(batchSize = 10): Partial<FunctionConfig> {
    return { trigger: { stream: true, batchSize } };
  }

  send(MessageBody: string) {
    return this.sqs.send(new SendMessageCommand({ QueueUrl: this.queueUrl, MessageBody }));
  }

  /** Up to ten. */
  sendMany(bodies: string[]) {
    const Entries = bodies.map((MessageBody, index) => ({ Id: String(index), MessageBody }));
    return this.sqs.send(new SendMessageBatchCommand({ QueueUrl: this.queueUrl, Entries }));
  }

  async deadBodies(): Promise<string[]> {
    const { Messages = [] } = await this.sqs.send(
      new ReceiveMessageCommand({ QueueUrl: this.deadUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 0 }),
    );
    return Messages.map(({ Body = "" }) => Body).sort();
  }

  /** Writes an item, which announces something when it has an `outboxId`. */
  async write(pk: string, attributes: Record<string, string> = {}): Promise<void> {
    const values = Object.fromEntries(Object.entries(attributes).map(([name, S]) => [name, { S }]));
    const Item = { pk: { S: pk }, sk: { S: "x" }, ...values };
    await this.cloud.dynamodb.send(new PutItemCommand({ TableName: TABLE, Item }));
  }
}
