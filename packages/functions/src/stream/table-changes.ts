import { BatchProcessor, EventType, processPartialResponse } from "@aws-lambda-powertools/batch";
import { announcementIn, sendAnnouncement } from "@redline/core/platform/announce";
import type { DynamoDBRecord, DynamoDBStreamHandler } from "aws-lambda";

type Image = Parameters<typeof announcementIn>[0];

async function announce({ dynamodb }: DynamoDBRecord): Promise<void> {
  const announcement = announcementIn(dynamodb?.OldImage as Image, dynamodb?.NewImage as Image);
  if (announcement) await sendAnnouncement(announcement);
}

/** Writing an item that announces something puts its job on a queue; any other write says nothing. */
export const handler: DynamoDBStreamHandler = (event, context) =>
  processPartialResponse(event, announce, new BatchProcessor(EventType.DynamoDBStreams), {
    context,
    throwOnFullBatchFailure: false,
  });
