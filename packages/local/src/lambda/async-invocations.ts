/**
 * Asynchronous invocations. AWS keeps them in a queue of its own until they are done, at most three tries;
 * here it is one of the laptop's queues, so that what was accepted survives the process.
 */
import type { SQSEvent } from "aws-lambda";
import type { CloudClient } from "./cloud-client";
import type { Outcome } from "./handler";
import type { FunctionHost } from "./host";
import { QueueTrigger } from "./queue-trigger";

const QUEUE = "redline-async-invocations";
const DEAD_QUEUE = `${QUEUE}-dead`;
const TRIES = 3;
const CONCURRENCY = 4;

interface AsyncInvocation {
  functionName: string;
  event: unknown;
}

export class AsyncInvocations {
  readonly trigger: QueueTrigger;

  constructor(
    private readonly client: CloudClient,
    private readonly host: FunctionHost,
    retryDelayS: number,
  ) {
    this.trigger = new QueueTrigger({
      client,
      config: { queue: QUEUE, batchSize: 1, concurrency: CONCURRENCY },
      invoke: (event) => this.invoke(event),
      retryDelayS,
    });
  }

  /** Makes the queue when it is missing, and begins. */
  async start(): Promise<void> {
    const { QueueUrl } = await this.client.sqs<{ QueueUrl: string }>("CreateQueue", { QueueName: DEAD_QUEUE });
    const { Attributes } = await this.client.sqs<{ Attributes: Record<string, string> }>("GetQueueAttributes", {
      QueueUrl,
      AttributeNames: ["QueueArn"],
    });
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: Attributes.QueueArn, maxReceiveCount: TRIES });
    await this.client.sqs("CreateQueue", { QueueName: QUEUE, Attributes: { RedrivePolicy } });
    this.trigger.start();
  }

  /** Resolves when the invocation is kept. */
  async accept(functionName: string, event: unknown): Promise<void> {
    const invocation: AsyncInvocation = { functionName, event };
    const QueueUrl = `${this.client.endpoints.sqs}/${QUEUE}`;
    await this.client.sqs("SendMessage", { QueueUrl, MessageBody: JSON.stringify(invocation) });
  }

  private async invoke({ Records: [record] }: SQSEvent): Promise<Outcome> {
    const { functionName, event } = JSON.parse(record?.body ?? "{}") as AsyncInvocation;
    const config = this.host.find(functionName);
    if (config) {
      const outcome = await this.host.invoke(config, event);
      // The result has no recipient; in particular, the queue must not read it as its batch response.
      return outcome.ok ? { ...outcome, result: null } : outcome;
    }
    const failure = { errorType: "ResourceNotFound", errorMessage: `No function ${functionName}`, trace: [] };
    return { requestId: record?.messageId ?? "", ok: false, failure };
  }
}
