import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { SendMessageCommand } from "@aws-sdk/client-sqs";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import { sqs } from "./clients";
import { currentRequestId } from "./correlation";
import { newId } from "./ids";
import { resources } from "./resources";
import { currentTrace, TRACE_HEADER } from "./trace";

/**
 * What a written item may cause. One entry per kind of job; the queue it goes to is in `sendAnnouncement`. `requestId` and
 * `trace` are those of the request it was written for.
 */
export type Announcement = { requestId?: string; trace?: string } & (
  | { kind: "review"; sessionId: string; version: number; userId: string; again?: true }
  | { kind: "model-review"; sessionId: string; reviewId: string; userId: string }
  /** An answer that was asked for: begun by this job where nobody has come to follow it. */
  | { kind: "answer"; sessionId: string; threadId: string; number: number; userId: string }
);

/** The job of one kind. */
export type Job<K extends Announcement["kind"]> = Extract<Announcement, { kind: K }>;

/**
 * The attributes that make an item's write announce something: writing and announcing is one act, because the table's
 * stream carries both. Each announcement has an id of its own, so that the same item can announce again.
 */
export function announcing(announcement: Announcement): { announceId: string; announce: Announcement } {
  const [requestId, trace] = [currentRequestId(), currentTrace()];
  return {
    announceId: newId("ann"),
    announce: { ...(requestId && { requestId }), ...(trace && { trace }), ...announcement },
  };
}

type Image = Record<string, AttributeValue>;

/** What a stream record announces: something only when the write gave the item a new `announceId`. */
export function announcementIn(before: Image | undefined, after: Image | undefined): Announcement | undefined {
  if (!after?.announceId || after.announceId.S === before?.announceId?.S) return undefined;
  return (unmarshall(after) as { announce?: Announcement }).announce;
}

/**
 * Puts the job of an announcement on its queue, for workers to see after `delaySeconds`. May happen more than once for one announcement; jobs are idempotent. A
 * job that no request asked for belongs to the one that sends it, and the trace goes where SQS and Lambda look for it.
 */
export async function sendAnnouncement({ trace, ...job }: Announcement, delaySeconds = 0): Promise<void> {
  const review = resources.ReviewQueue.url;
  const queues = { review, "model-review": review, answer: review } satisfies Record<Announcement["kind"], string>;
  const isTrace = typeof trace === "string" && TRACE_HEADER.test(trace);
  await sqs().send(
    new SendMessageCommand({
      QueueUrl: queues[job.kind],
      MessageBody: JSON.stringify({ ...job, requestId: job.requestId ?? currentRequestId() }),
      ...(delaySeconds > 0 && { DelaySeconds: delaySeconds }),
      ...(isTrace && { MessageSystemAttributes: { AWSTraceHeader: { DataType: "String", StringValue: trace } } }),
    }),
  );
}
