import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { SendMessageCommand } from "@aws-sdk/client-sqs";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import * as v from "valibot";
import { AppError } from "../errors";
import { sqs } from "./clients";
import { currentRequestId } from "./correlation";
import { newId } from "./ids";
import { resources } from "./resources";
import { currentTrace, TRACE_HEADER } from "./trace";

/**
 * A job as it is stored and sent: its kind, and what a job of that kind is about. `requestId` and `trace` are those of the
 * request that asked for it.
 */
export type OutboxJob = {
  kind: string;
  requestId?: string;
  trace?: string;
  /** Seconds for which the queue hides the job from its workers. */
  delaySeconds?: number;
  [input: string]: unknown;
};

/**
 * Attributes that enqueue a job when the item is written. Transactional outbox: the job is stored with the item and
 * published from the table's stream. Each has an id of its own, so that the same item can ask for a job again.
 */
export function outboxAttributes<J extends OutboxJob>(
  job: J,
): { outboxId: string; outboxJob: J & Pick<OutboxJob, "requestId" | "trace"> } {
  const [requestId, trace] = [currentRequestId(), currentTrace()];
  return {
    outboxId: newId("ann"),
    outboxJob: { ...(requestId && { requestId }), ...(trace && { trace }), ...job },
  };
}

/** The form of a message group's id in SQS. */
const GROUP_ID = /^[\w!"#$%&'()*+,./:;<=>?@[\\\]^`{|}~-]{1,128}$/;

type Image = Record<string, AttributeValue>;

const jobSchema = v.looseObject({
  kind: v.pipe(v.string(), v.nonEmpty()),
  delaySeconds: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(900))),
});

/**
 * Returns the job that a stream record asks for; undefined unless the write gave the item a new `outboxId`. Throws
 * INVALID_INPUT where that names no job: such a record can never be published.
 */
export function outboxJobFromRecord(before: Image | undefined, after: Image | undefined): OutboxJob | undefined {
  if (!after?.outboxId || after.outboxId.S === before?.outboxId?.S) return undefined;
  try {
    const { outboxJob } = unmarshall({ outboxJob: after.outboxJob as AttributeValue });
    return v.parse(jobSchema, outboxJob);
  } catch (cause) {
    throw new AppError("INVALID_INPUT", "The item's outbox holds no job.", { cause });
  }
}

/**
 * Sends a job to the queue of its workers. A job may be sent more than once: jobs are idempotent. One that no request asked for gets the sender's request id; the trace goes where SQS and Lambda look for it.
 */
export async function enqueueJob({ trace, delaySeconds = 0, ...job }: OutboxJob): Promise<void> {
  const isTrace = typeof trace === "string" && TRACE_HEADER.test(trace);
  await sqs().send(
    new SendMessageCommand({
      // Reviews and replies share one queue; a kind with workers of its own names its queue here.
      QueueUrl: resources.ReviewQueue.url,
      // A fair queue tells users with many jobs apart by this, and delivers the jobs of the others first.
      ...(typeof job.userId === "string" && GROUP_ID.test(job.userId) && { MessageGroupId: job.userId }),
      MessageBody: JSON.stringify({ ...job, requestId: job.requestId ?? currentRequestId() }),
      ...(delaySeconds > 0 && { DelaySeconds: delaySeconds }),
      ...(isTrace && { MessageSystemAttributes: { AWSTraceHeader: { DataType: "String", StringValue: trace } } }),
    }),
  );
}
