import { BatchProcessor, EventType, processPartialResponse } from "@aws-lambda-powertools/batch";
import { type AttributeValue, unmarshall } from "@aws-sdk/util-dynamodb";
import { type Announcement, sendAnnouncement } from "@redline/core/platform/announce";
import type { DynamoDBRecord, DynamoDBStreamHandler } from "aws-lambda";

const processor = new BatchProcessor(EventType.DynamoDBStreams);

/** An item that was written with a new `announceId` puts its job on the queue; any other write says nothing. */
async function announce(record: DynamoDBRecord): Promise<void> {
  const { NewImage, OldImage } = record.dynamodb ?? {};
  if (!NewImage?.announceId || NewImage.announceId.S === OldImage?.announceId?.S) return;
  const { announce } = unmarshall(NewImage as Record<string, AttributeValue>) as { announce: Announcement };
  await sendAnnouncement(announce);
}

export const handler: DynamoDBStreamHandler = (event, context) =>
  processPartialResponse(event, announce, processor, { context, throwOnFullBatchFailure: false });
