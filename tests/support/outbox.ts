import { enqueueJob, type OutboxJob, outboxJobFromRecord } from "@redline/core/platform/outbox";
import type { DynamoDBRecord } from "aws-lambda";
import { internal, type TestCloud } from "./cloud";

/** Reads a cloud's stream from where it was read before. */
export function readStream(product: { cloud: TestCloud }): () => Promise<DynamoDBRecord[]> {
  let seen = 0;
  return async () => {
    const all: DynamoDBRecord[] = [];
    for (;;) {
      const path = `/_redline/stream?after=${seen}&limit=1000`;
      const { records, next } = await internal<{ records: DynamoDBRecord[]; next?: number }>(
        ...[product.cloud.endpoints.dynamodb, "GET", path],
      );
      if (records.length === 0) return all;
      seen = next ?? seen;
      all.push(...records.filter((record) => record.dynamodb?.NewImage?.outboxId));
    }
  };
}

type Image = Parameters<typeof outboxJobFromRecord>[0];

/** Sends the jobs of the outbox as the function on the table's stream does; returns those it sent. */
export function outbox(product: { cloud: TestCloud }): () => Promise<OutboxJob[]> {
  const read = readStream(product);
  return async () => {
    const jobs: OutboxJob[] = [];
    for (const { dynamodb } of await read()) {
      const job = outboxJobFromRecord(dynamodb?.OldImage as Image, dynamodb?.NewImage as Image);
      if (!job) continue;
      await enqueueJob(job);
      jobs.push(job);
    }
    return jobs;
  };
}
