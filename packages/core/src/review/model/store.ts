import { Entity } from "dynamodb-toolbox/entity";
import { GetItemCommand } from "dynamodb-toolbox/entity/actions/get";
import { PutItemCommand } from "dynamodb-toolbox/entity/actions/put";
import { $add, $remove, $set, UpdateItemCommand } from "dynamodb-toolbox/entity/actions/update";
import { any, boolean, item, number, string } from "dynamodb-toolbox/schema";
import { QueryCommand } from "dynamodb-toolbox/table/actions/query";
import { LIMITS } from "../../limits";
import { announcing, type Job } from "../../platform/announce";
import { nowIso, nowSeconds } from "../../platform/clock";
import { conditionHeld, isConditionFailed } from "../../platform/conditions";
import { type DeadProcesses, instanceId, isHeldBy } from "../../platform/instance";
import { entityDefaults, table } from "../../platform/table";
import type { ModelReview, ModelReviewStatus, ModelStep } from "../schema";

/** A step as it is stored. */
export type StoredStep = ModelStep & {
  hash: string;
  inputTokens: number;
  outputTokens: number;
  /** How often somebody began to ask about it. */
  attempts: number;
  /** Of how many attempts `usage` tells: what one that died may have used is not known. */
  settled?: number;
  /** The blob of what the model said of it, written before anything follows from it. */
  answer?: string;
};

export type StoredModelReview = Omit<ModelReview, "steps"> & {
  userId: string;
  steps: StoredStep[];
  /** Who works on it: each claim counts one on, and a writer of an earlier one can store nothing more. */
  epoch: number;
  /** Delimiter of the material in each of its calls. */
  boundary?: string;
  leaseUntil?: number;
  /** The process that took the lease. */
  holder?: string;
  isCancelRequested?: boolean;
};

const PREFIX = "REVIEW#MODEL#";
const sessionKey = (sessionId: string) => `SESSION#${sessionId}`;

const ModelReviewEntity = new Entity({
  ...entityDefaults,
  name: "modelReview",
  schema: item({
    sessionId: string().key(),
    id: string().key(),
    version: number(),
    scope: any(),
    model: string(),
    status: string().enum("queued", "running", "done", "failed", "cancelled"),
    steps: any(),
    budgetTokens: number(),
    boundary: string().optional(),
    userId: string(),
    epoch: number(),
    requestedAt: string(),
    finishedAt: string().optional(),
    failure: string().optional(),
    isCancelRequested: boolean().optional(),
    leaseUntil: number().optional(),
    holder: string().optional(),
    announceId: string().optional(),
    announce: any().optional(),
    gsi2pk: string().optional(),
    gsi2sk: string().optional(),
    v: number().default(1),
  }),
  computeKey: ({ sessionId, id }: { sessionId: string; id: string }) => ({
    pk: sessionKey(sessionId),
    sk: PREFIX + id,
  }),
});

const RUNNING = "STATUS#modelReview#running";
const leaseEnd = () => nowSeconds() + LIMITS.lease.seconds;
const lease = (leaseUntil: number) => ({ leaseUntil, gsi2pk: RUNNING, gsi2sk: String(leaseUntil) });
const noLease = { leaseUntil: $remove(), holder: $remove(), gsi2pk: $remove(), gsi2sk: $remove() };

type Key = { sessionId: string; id: string };
type Held = Key & { epoch: number };

export const jobOf = ({ sessionId, id, userId }: Key & { userId: string }): Job<"model-review"> => ({
  kind: "model-review",
  sessionId,
  reviewId: id,
  userId,
});

/** Writes a review that is not there yet, which asks for its job; false when it is there. */
export function createModelReview(review: StoredModelReview): Promise<boolean> {
  const put = ModelReviewEntity.build(PutItemCommand).item({ ...review, ...announcing(jobOf(review)) });
  return conditionHeld(put.options({ condition: { attr: "id", exists: false } }).send());
}

export async function readModelReview(key: Key): Promise<StoredModelReview | undefined> {
  const { Item } = await ModelReviewEntity.build(GetItemCommand).key(key).options({ consistent: true }).send();
  return Item as StoredModelReview | undefined;
}

/** Takes a review to work on it; undefined when it has ended, or somebody else is at it. */
export async function claimModelReview(key: Key): Promise<StoredModelReview | undefined> {
  const update = ModelReviewEntity.build(UpdateItemCommand)
    .item({ ...key, status: "running", epoch: $add(1), holder: instanceId() ?? $remove(), ...lease(leaseEnd()) })
    .options({
      returnValues: "ALL_NEW",
      condition: {
        or: [
          { attr: "status", eq: "queued" },
          {
            and: [
              { attr: "status", eq: "running" },
              { attr: "leaseUntil", lt: nowSeconds() },
            ],
          },
        ],
      },
    });
  try {
    return (await update.send()).Attributes as StoredModelReview | undefined;
  } catch (error) {
    if (isConditionFailed(error)) return undefined;
    throw error;
  }
}

const byHolder = ({ epoch }: Held) => ({
  and: [
    { attr: "status" as const, eq: "running" as const },
    { attr: "epoch" as const, eq: epoch },
  ],
});

/** False when the review was taken from us, as below. */
export const renewModelReview = ({ sessionId, id, epoch }: Held): Promise<boolean> =>
  conditionHeld(
    ModelReviewEntity.build(UpdateItemCommand)
      .item({ sessionId, id, ...lease(leaseEnd()) })
      .options({ condition: byHolder({ sessionId, id, epoch }) })
      .send(),
  );

export const writeSteps = ({ sessionId, id, epoch }: Held, steps: StoredStep[]): Promise<boolean> =>
  conditionHeld(
    ModelReviewEntity.build(UpdateItemCommand)
      .item({ sessionId, id, steps: $set(steps), ...lease(leaseEnd()) })
      .options({ condition: byHolder({ sessionId, id, epoch }) })
      .send(),
  );

/** Lets go of a review so that another worker goes on with it: giving it up asks for that in the same write. */
export const handOver = ({ sessionId, id, epoch, userId, steps }: StoredModelReview): Promise<boolean> => {
  const { announceId, announce } = announcing(jobOf({ sessionId, id, userId }));
  return conditionHeld(
    ModelReviewEntity.build(UpdateItemCommand)
      .item({
        ...{ sessionId, id, status: "queued", steps: $set(steps) },
        ...noLease,
        ...{ announceId, announce: $set(announce) },
      })
      .options({ condition: byHolder({ sessionId, id, epoch }) })
      .send(),
  );
};

type End = { status: Extract<ModelReviewStatus, "done" | "failed" | "cancelled">; failure?: string };

export const endModelReview = ({ sessionId, id, epoch }: Held, end: End): Promise<boolean> =>
  conditionHeld(
    ModelReviewEntity.build(UpdateItemCommand)
      .item({ sessionId, id, ...end, finishedAt: nowIso(), ...noLease })
      .options({ condition: byHolder({ sessionId, id, epoch }) })
      .send(),
  );

/** Ends a review that nobody is working on. */
export const cancelIdle = (key: Key): Promise<boolean> =>
  conditionHeld(
    ModelReviewEntity.build(UpdateItemCommand)
      .item({ ...key, status: "cancelled", finishedAt: nowIso(), epoch: $add(1), ...noLease })
      .options({
        condition: {
          or: [
            { attr: "status", eq: "queued" },
            {
              and: [
                { attr: "status", eq: "running" },
                { attr: "leaseUntil", lt: nowSeconds() },
              ],
            },
          ],
        },
      })
      .send(),
  );

/** Tells whoever works on it to stop; false when nobody does any more. */
export const requestCancel = (key: Key): Promise<boolean> =>
  conditionHeld(
    ModelReviewEntity.build(UpdateItemCommand)
      .item({ ...key, isCancelRequested: true })
      .options({ condition: { attr: "status", eq: "running" } })
      .send(),
  );

const running = () => table.build(QueryCommand).entities(ModelReviewEntity);

/** All reviews that these dead processes held. */
export async function queryModelReviewsHeldBy(dead: DeadProcesses): Promise<StoredModelReview[]> {
  const { Items = [] } = await running()
    .query({ index: "gsi2", partition: RUNNING })
    .options({ maxPages: Number.POSITIVE_INFINITY })
    .send();
  return Items.filter(({ holder }) => isHeldBy(holder, dead)) as StoredModelReview[];
}

/** Reviews whose lease ends before then: with now, those whose worker died. The index may lag: claiming decides. */
export async function queryRunningModelReviews(before: number) {
  const { Items = [] } = await running()
    .query({ index: "gsi2", partition: RUNNING, range: { lt: String(before) } })
    .options({ limit: 100 })
    .send();
  return Items;
}
