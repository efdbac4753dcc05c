import { BatchProcessor, EventType, processPartialResponse } from "@aws-lambda-powertools/batch";
import type { Announcement } from "@redline/core/platform/announce";
import { runReview } from "@redline/core/review/index";
import type { SQSHandler, SQSRecord } from "aws-lambda";

const processor = new BatchProcessor(EventType.SQS);

const review = (record: SQSRecord): Promise<void> => runReview(JSON.parse(record.body) as Announcement);

/** Reviews a version of a session's code: one job a message, failed ones stay on the queue. */
export const handler: SQSHandler = (event, context) =>
  processPartialResponse(event, review, processor, { context, throwOnFullBatchFailure: false });
