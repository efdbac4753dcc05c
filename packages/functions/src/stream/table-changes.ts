import { BatchProcessor, EventType, processPartialResponse } from "@aws-lambda-powertools/batch";
import { invocation } from "@redline/core/platform/invocation";
import { enqueueJob, outboxJobFromRecord } from "@redline/core/platform/outbox";
import type { DynamoDBRecord, DynamoDBStreamHandler } from "aws-lambda";
import { requireStreamBatch } from "../event-shapes";

type Image = Parameters<typeof outboxJobFromRecord>[0];

async function announce({ dynamodb }: DynamoDBRecord): Promise<void> {
  const job = outboxJobFromRecord(dynamodb?.OldImage as Image, dynamodb?.NewImage as Image);
  if (job) await enqueueJob(job);
}

/**
 * Writing an item that announces something puts its job on a queue; any other write says nothing. It reads no data, so
 * that of a newer version passes: a stream does not wait for a newer worker, a queue does. When nothing of a batch could be
 * announced the call failed, and counts as such; the stream gives the same records out again either way.
 */
export const handler: DynamoDBStreamHandler = (event, context) =>
  invocation("table-changes", context, async () =>
    processPartialResponse(requireStreamBatch(event), announce, new BatchProcessor(EventType.DynamoDBStreams), {
      context,
    }),
  );
