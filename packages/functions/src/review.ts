import { BatchProcessor, EventType, processPartialResponse } from "@aws-lambda-powertools/batch";
import type { Announcement } from "@redline/core/platform/announce";
import { answerUnfollowed } from "@redline/core/replies/index";
import { runModelReview, runReview } from "@redline/core/review/index";
import type { SQSHandler, SQSRecord } from "aws-lambda";

const processor = new BatchProcessor(EventType.SQS);

function work(record: SQSRecord): Promise<void> {
  const job = JSON.parse(record.body) as Announcement;
  switch (job.kind) {
    case "review":
      return runReview(job);
    case "model-review":
      return runModelReview(job);
    case "answer":
      return answerUnfollowed(job);
  }
}

/** Reviews and unfollowed answers: one job a message, failed ones stay on the queue. */
export const handler: SQSHandler = (event, context) =>
  processPartialResponse(event, work, processor, { context, throwOnFullBatchFailure: false });
