import { Entity } from "dynamodb-toolbox/entity";
import { BatchDeleteRequest } from "dynamodb-toolbox/entity/actions/batchDelete";
import { BatchPutRequest } from "dynamodb-toolbox/entity/actions/batchPut";
import { DeleteItemCommand } from "dynamodb-toolbox/entity/actions/delete";
import { GetItemCommand } from "dynamodb-toolbox/entity/actions/get";
import { PutItemCommand } from "dynamodb-toolbox/entity/actions/put";
import { $add, $remove, $set, UpdateItemCommand } from "dynamodb-toolbox/entity/actions/update";
import { any, boolean, item, number, string } from "dynamodb-toolbox/schema";
import { QueryCommand } from "dynamodb-toolbox/table/actions/query";
import { LIMITS } from "../limits";
import { announcing, type Job } from "../platform/announce";
import { batchWriteAll } from "../platform/batch";
import { nowIso, nowSeconds } from "../platform/clock";
import { conditionHeld, isConditionFailed } from "../platform/conditions";
import { newId } from "../platform/ids";
import { type DeadProcesses, instanceId, isHeldBy } from "../platform/instance";
import { packed } from "../platform/packed";
import { entityDefaults, storedAfter, table } from "../platform/table";
import type { Answer, Finding, Review } from "./schema";

const sessionKey = (sessionId: string) => `SESSION#${sessionId}`;

const ReviewEntity = new Entity({
  ...entityDefaults,
  name: "review",
  schema: item({
    sessionId: string().key().savedAs("pk").transform(storedAfter("SESSION")),
    id: string().key().savedAs("sk").transform(storedAfter("REVIEW")),
    version: number(),
    status: string().enum("queued", "running", "done", "failed"),
    result: any().transform(packed).optional(),
    startedAt: string(),
    finishedAt: string().optional(),
    failure: string().optional(),
    userId: string(),
    announceId: string().optional(),
    announce: any().optional(),
    leaseUntil: number().optional(),
    /** The process that took the lease, and this one taking of it: a worker that was taken for dead stores nothing more. */
    holder: string().optional(),
    claimId: string().optional(),
    /** How often a worker has taken it since it was asked for. */
    attempts: number().optional(),
    /** Every file is to be looked at, also those that have not changed. */
    again: boolean().optional(),
    gsi2pk: string().optional(),
    gsi2sk: string().optional(),
    v: number().default(1),
  }),
});

const FindingEntity = new Entity({
  ...entityDefaults,
  name: "finding",
  schema: item({
    sessionId: string().key().savedAs("pk").transform(storedAfter("SESSION")),
    identity: string().key().savedAs("sk").transform(storedAfter("FINDING")),
    rule: string(),
    severity: string().enum("critical", "major", "minor", "nit"),
    confidence: string().enum("high", "medium", "low"),
    path: string(),
    start: number(),
    end: number(),
    startLine: number(),
    endLine: number(),
    symbol: string(),
    title: string(),
    explanation: string(),
    fileHash: string(),
    firstVersion: number(),
    source: string().enum("builtin", "model").optional(),
    model: string().optional(),
    alsoSeenBy: string().optional(),
    fix: any().transform(packed).optional(),
    v: number().default(1),
  }),
});

const AnswerEntity = new Entity({
  ...entityDefaults,
  name: "answer",
  schema: item({
    sessionId: string().key(),
    identity: string().key(),
    answer: string().enum("dismissed", "rejected"),
    userId: string(),
    answeredAt: string(),
    v: number().default(1),
  }),
  computeKey: ({ sessionId, identity }: { sessionId: string; identity: string }) => ({
    pk: sessionKey(sessionId),
    sk: `ANSWER#${identity}`,
  }),
});

type Result = Pick<Review, "coverage" | "duplicates" | "counts" | "fresh" | "stillOpen" | "answered" | "gone">;

const NOTHING: Result = {
  coverage: [],
  duplicates: [],
  counts: { critical: 0, major: 0, minor: 0, nit: 0 },
  fresh: 0,
  stillOpen: 0,
  answered: 0,
  gone: 0,
};

export async function readReview(sessionId: string, id: string): Promise<Review | undefined> {
  const { Item } = await ReviewEntity.build(GetItemCommand).key({ sessionId, id }).options({ consistent: true }).send();
  if (!Item) return undefined;
  const { version, status, startedAt, finishedAt, failure } = Item;
  return { id, sessionId, version, status, startedAt, finishedAt, failure, ...NOTHING, ...(Item.result as Result) };
}

const RUNNING = "STATUS#review#running";
const leaseEnd = () => nowSeconds() + LIMITS.lease.seconds;
const runningIndex = (leaseUntil: number) => ({ leaseUntil, gsi2pk: RUNNING, gsi2sk: String(leaseUntil) });

type ReviewKey = { sessionId: string; id: string };
/** A review that this process works on. */
export type ClaimedReview = ReviewKey & { claimId: string; attempts: number; again: boolean };

const updateReview = () => ReviewEntity.build(UpdateItemCommand);
const noLease = { leaseUntil: $remove(), holder: $remove(), gsi2pk: $remove(), gsi2sk: $remove() };

/** A review that is not there, is in one of these states, or whose worker stopped renewing its lease. */
const isFree = (from: ("queued" | "done" | "failed")[]) => {
  const isStalled = [
    { attr: "status" as const, eq: "running" as const },
    { attr: "leaseUntil" as const, lt: nowSeconds() },
  ];
  return {
    or: [
      { attr: "status" as const, exists: false as const },
      { attr: "status" as const, in: from as ["queued"] },
      { and: isStalled },
    ],
  };
};

/** Takes a review to run it; undefined when it is done already, or someone else is at it. */
export async function claimReview(
  key: ReviewKey,
  { version, userId, again }: { version: number; userId: string; again?: boolean },
): Promise<ClaimedReview | undefined> {
  const claimId = newId("req");
  const running = { status: "running" as const, startedAt: nowIso(), ...runningIndex(leaseEnd()) };
  const update = updateReview()
    .item({
      ...{ ...key, version, userId, claimId, v: 1, ...running },
      ...(again && { again }),
      ...{ holder: instanceId() ?? $remove(), attempts: $add(1) },
      ...{ failure: $remove(), finishedAt: $remove(), announceId: $remove(), announce: $remove() },
    })
    .options({ condition: isFree(["queued", "failed"]), returnValues: "ALL_NEW" });
  try {
    const { Attributes } = await update.send();
    return { ...key, claimId, attempts: Attributes?.attempts ?? 1, again: Attributes?.again ?? false };
  } catch (error) {
    if (!isConditionFailed(error)) throw error;
    // It also fails for a claim that was written and is sent again because the answer to it was lost.
    const { Item } = await ReviewEntity.build(GetItemCommand).key(key).options({ consistent: true }).send();
    if (Item?.claimId !== claimId) return undefined;
    return { ...key, claimId, attempts: Item.attempts ?? 1, again: Item.again ?? false };
  }
}

const isOurs = ({ claimId }: { claimId: string }) => ({
  and: [
    { attr: "status" as const, eq: "running" as const },
    { attr: "claimId" as const, eq: claimId },
  ],
});

/** False when the review was taken from us. */
export const renewReview = (claim: ClaimedReview): Promise<boolean> =>
  conditionHeld(
    updateReview()
      .item({ sessionId: claim.sessionId, id: claim.id, ...runningIndex(leaseEnd()) })
      .options({ condition: isOurs(claim) })
      .send(),
  );

/** When it ended; undefined when the review was taken from us, and then nothing is stored. */
export async function finishReview(
  claim: ClaimedReview,
  end: { result: Result } | { failure: string },
): Promise<string | undefined> {
  const finishedAt = nowIso();
  const isStored = await conditionHeld(
    updateReview()
      .item({
        ...{ sessionId: claim.sessionId, id: claim.id, finishedAt, ...noLease },
        ...("result" in end ? { status: "done", result: end.result } : { status: "failed", failure: end.failure }),
        ...{ attempts: $remove(), again: $remove() },
      })
      .options({ condition: isOurs(claim) })
      .send(),
  );
  return isStored ? finishedAt : undefined;
}

/** A review whose lease is to be released, as it is stored. */
type Leased = ReviewKey & { version: number; userId: string; claimId?: string; again?: boolean };

/**
 * Lets go of a review so that another worker goes on with it: giving it up asks for that in the same write. A taking that
 * `counts` is one on which the worker may have died of the review itself.
 */
export const releaseReview = (review: Leased, { counts }: { counts: boolean }): Promise<boolean> => {
  const { sessionId, id, version, userId, claimId, again } = review;
  const { announceId, announce } = announcing({ kind: "review", sessionId, version, userId, ...(again && { again }) });
  const asked = { announceId, announce: $set(announce) };
  const isSame = claimId === undefined ? { attr: "claimId" as const, exists: false as const } : isOurs({ claimId });
  return conditionHeld(
    updateReview()
      .item({ sessionId, id, status: "queued", ...noLease, ...(!counts && { attempts: $add(-1) }), ...asked })
      .options({ condition: { and: [{ attr: "status", eq: "running" }, isSame] } })
      .send(),
  );
};

/** Asks for a review (again) by writing it as queued; false when one is being worked on. */
export function queueReview(key: ReviewKey, announcement: Job<"review">): Promise<boolean> {
  const { version, userId, again } = announcement;
  const queued = { status: "queued" as const, startedAt: nowIso(), ...announcing(announcement) };
  const put = ReviewEntity.build(PutItemCommand).item({ ...key, version, userId, ...(again && { again }), ...queued });
  return conditionHeld(put.options({ condition: isFree(["done", "failed"]) }).send());
}

const running = () => table.build(QueryCommand).entities(ReviewEntity);

/** Reviews whose lease ends before then: with now, those whose worker died. The index may lag: claiming decides. */
export async function queryRunningReviews(before: number) {
  const { Items = [] } = await running()
    .query({ index: "gsi2", partition: RUNNING, range: { lt: String(before) } })
    .options({ limit: 100 })
    .send();
  return Items;
}

/** All reviews that these dead processes held. */
export async function queryReviewsHeldBy(dead: DeadProcesses) {
  const { Items = [] } = await running()
    .query({ index: "gsi2", partition: RUNNING })
    .options({ maxPages: Number.POSITIVE_INFINITY })
    .send();
  return Items.filter(({ holder }) => isHeldBy(holder, dead));
}

/** A session's findings with what was said to them, in one read: answers and findings stand side by side. */
export async function queryFindings(sessionId: string): Promise<{ findings: Finding[]; answers: Map<string, Answer> }> {
  const { Items = [] } = await table
    .build(QueryCommand)
    .entities(FindingEntity, AnswerEntity)
    .query({ partition: sessionKey(sessionId), range: { between: ["ANSWER#", "FINDING#~"] } })
    .options({ consistent: true, maxPages: Number.POSITIVE_INFINITY, showEntityAttr: true })
    .send();
  const answers = new Map<string, Answer>();
  const findings: Finding[] = [];
  for (const each of Items) {
    if (each.entity === "answer") answers.set(each.identity, each.answer);
    else {
      const { entity: _entity, v: _v, ...finding } = each;
      findings.push({ ...finding, source: finding.source ?? "builtin" } as Finding);
    }
  }
  return { findings: findings.map((each) => ({ ...each, answer: answers.get(each.identity) })), answers };
}

/** Writes and removes findings of one session; doing it again changes nothing. */
export async function writeFindings(put: Finding[], gone: Finding[]): Promise<void> {
  await batchWriteAll([
    ...put.map(({ answer: _answer, ...finding }) => FindingEntity.build(BatchPutRequest).item(finding)),
    ...gone.map(({ sessionId, identity }) => FindingEntity.build(BatchDeleteRequest).key({ sessionId, identity })),
  ]);
}

/** Notes on a finding of the built-in reviewer that a model reported it too. Nothing, where the finding is gone. */
export async function noteAlsoSeen(sessionId: string, identity: string, model: string): Promise<void> {
  try {
    await FindingEntity.build(UpdateItemCommand)
      .item({ sessionId, identity, alsoSeenBy: model })
      .options({ condition: { attr: "identity", exists: true } })
      .send();
  } catch (error) {
    if (!isConditionFailed(error)) throw error;
  }
}

export async function writeAnswer(sessionId: string, identity: string, answer: Answer, userId: string): Promise<void> {
  await AnswerEntity.build(PutItemCommand).item({ sessionId, identity, answer, userId, answeredAt: nowIso() }).send();
}

export async function removeAnswer(sessionId: string, identity: string): Promise<void> {
  await AnswerEntity.build(DeleteItemCommand).key({ sessionId, identity }).send();
}
