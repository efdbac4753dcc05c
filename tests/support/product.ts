/** Core against the laptop's cloud, as the tests of its domains use it: late indexes and stale reads are on. */
import { randomUUID } from "node:crypto";
import { S3Client } from "@aws-sdk/client-s3";
import { SQSClient } from "@aws-sdk/client-sqs";
import { localOwner } from "@redline/core/auth/index";
import type { Actor } from "@redline/core/auth/schema";
import { runReview } from "@redline/core/review/internal";
import type { ReviewJob } from "@redline/core/review/schema";
import { setReviewerForTests } from "@redline/core/reviewer-client/index";
import { createReviewer, type Reviewer } from "@redline/core/reviewers/index";
import { createSession } from "@redline/core/sessions/index";
import type { Session } from "@redline/core/sessions/schema";
import { BUCKET, QUEUES, resourceEnv, TABLE } from "@redline/local/launcher/resource-env";
import { ensureTable } from "@redline/local/provision";
import { ensureBuckets, productBucket } from "@redline/local/provision-buckets";
import { ensureQueues } from "@redline/local/provision-queues";
import { afterAll, beforeAll } from "vitest";
import { LATE_READS, localClient, startTestCloud, type TestCloud } from "./cloud";

export type Product = { cloud: TestCloud; actor: Actor; reviewer: Reviewer };

/** Someone who belongs to another team, for what they must not reach. */
export const stranger: Actor = {
  userId: "usr_stranger",
  name: "Stranger",
  personalTeamId: "tea_stranger",
  teams: { tea_stranger: "admin" },
};

/** Starts the cloud before the tests of a file and points core at it; ends it after them. */
export function withProduct(): Product {
  const product = { actor: localOwner() } as Product;
  beforeAll(async () => {
    product.cloud = await startTestCloud({ faults: LATE_READS });
    await pointAt(product.cloud);
    product.reviewer = createReviewer();
    setReviewerForTests({
      ...product.reviewer,
      highlight: async (...args) => Array.from(await product.reviewer.highlight(...args)),
    });
  });
  afterAll(async () => {
    setReviewerForTests(undefined);
    await product.reviewer?.close();
    await product.cloud?.close();
  });
  return product;
}

/** Gives this process what the launcher gives the product's, and the cloud its table, bucket and queue. */
export async function pointAt(cloud: TestCloud): Promise<void> {
  Object.assign(process.env, {
    REDLINE_LOG: process.env.REDLINE_LOG ?? "silent",
    ...resourceEnv(cloud.endpoints, "a key for tests only"),
  });
  const s3 = new S3Client({ ...localClient(cloud.endpoints.s3), forcePathStyle: true });
  const sqs = new SQSClient(localClient(cloud.endpoints.sqs));
  await ensureTable(cloud.dynamodb, TABLE);
  await ensureBuckets(s3, [productBucket(BUCKET)]);
  await ensureQueues(sqs, Object.values(QUEUES));
}

/** A session of pasted files, without its review. */
export async function pasteSession(actor: Actor, files: Record<string, string>): Promise<Session> {
  const pasted = Object.entries(files).map(([path, text]) => ({ path, text }));
  return (await createSession(actor, { key: randomUUID(), pasted })).session;
}

/** Processes the job of a version, as the queue's worker does. */
export async function reviewVersion(session: Session, version: number, more: Partial<ReviewJob> = {}): Promise<void> {
  await runReview({ kind: "review", sessionId: session.id, version, userId: session.creatorId, ...more });
}
