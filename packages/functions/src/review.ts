import { BatchProcessor, EventType, processPartialResponse } from "@aws-lambda-powertools/batch";
import { failedJob, jobIn } from "@redline/core/platform/jobs";
import { answerUnfollowed } from "@redline/core/replies/index";
import { runModelReview, runReview } from "@redline/core/review/index";
import type { Context, SQSHandler, SQSRecord } from "aws-lambda";

async function perform(body: string, context: Context): Promise<void> {
  const job = jobIn(body);
  if (job.kind === "review") return runReview(job);
  if (job.kind === "answer") return answerUnfollowed(job);
  return runModelReview(job, context.getRemainingTimeInMillis());
}

const work = ({ body, attributes }: SQSRecord, context: Context): Promise<void> =>
  perform(body, context).catch((error) =>
    failedJob(error, { body, receives: Number(attributes.ApproximateReceiveCount) }),
  );

/**
 * Reviews and unfollowed answers: failed ones stay on the queue, those that can't be done go to the dead letters. A
 * processor holds the state of one batch and one process may work on several, so each batch has its own.
 */
export const handler: SQSHandler = (event, context) =>
  processPartialResponse(event, work, new BatchProcessor(EventType.SQS), { context, throwOnFullBatchFailure: false });
