/**
 * Replies become work. A reply was a message with states of its own, created when it was begun; until then its thread had
 * its number in `waiting`. The outbox's attributes were `announceId` and `announce`, and
 * those of a user's message `intent` and `answeredBy`.
 */
import { UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { dynamo } from "../../clients";
import { conditionHeld } from "../../dynamo-errors";
import { newId, padNumber } from "../../ids";
import type { RawItem } from "../../partitions";
import { deleteItem, getItem, putNewItem, table } from "../stored-items";

/** The stored state of a reply by its former one. One that was being written is running, under an expired lease. */
const STATES: Record<string, Record<string, unknown>> = {
  pending: { status: "queued" },
  writing: { status: "running", leaseUntil: 0, gsi2pk: "STATUS#reply#running", gsi2sk: "0" },
  closing: { status: "running", leaseUntil: 0, gsi2pk: "STATUS#reply#running", gsi2sk: "0" },
  done: { status: "done" },
  truncated: { status: "done", outcome: "truncated" },
  refused: { status: "done", outcome: "refused" },
  failed: { status: "failed" },
  interrupted: { status: "failed", outcome: "interrupted" },
  stopped: { status: "cancelled" },
};

export async function migrateReply(old: RawItem): Promise<void> {
  const { sessionId, threadId, number, id, teamId, authorId, version, createdAt, attempt = 1, stopAsked } = old;
  const { text, proposals, bodyBlob, details, requestId, holder } = old;
  const state = STATES[String(old.status)];
  if (!state) throw new Error(`A reply has the unknown status ${old.status}.`);
  await putReply(Number(number), {
    ...{ sessionId, threadId, number, messageId: id, teamId, userId: authorId, version, createdAt, attempt },
    ...{ text, proposals, bodyBlob, details, requestId, holder, epoch: attempt },
    ...(stopAsked === true && { isCancelRequested: true }),
    ...state,
  });
  await deleteItem(old);
}

/** Renames a user's message's `intent` and `answeredBy`. Does nothing where that was done. */
export async function migrateMessage({ pk, sk, intent, answeredBy }: RawItem): Promise<void> {
  const renamed = { messageKind: intent, replyNumber: answeredBy };
  const values = Object.entries(renamed).filter(([, value]) => value !== undefined);
  if (values.length === 0) return;
  const update = new UpdateCommand({
    ...{ ...table(), Key: { pk, sk } },
    UpdateExpression: `SET ${values.map(([name]) => `${name} = :${name}`).join(", ")} REMOVE intent, answeredBy`,
    ConditionExpression: "attribute_exists(intent) OR attribute_exists(answeredBy)",
    ExpressionAttributeValues: Object.fromEntries(values.map(([name, value]) => [`:${name}`, value])),
  });
  await conditionHeld(dynamo().send(update));
}

/** Gives each reply that was never begun an item of its own. */
export async function migrateWaiting({ pk, sk, id, sessionId, waiting }: RawItem): Promise<void> {
  if (waiting === undefined) return;
  const session = waiting instanceof Set ? await getItem({ pk, sk: "SESSION" }) : undefined;
  for (const number of waiting instanceof Set ? waiting : []) {
    const question = await getItem({ pk: `THREAD#${id}`, sk: `MESSAGE#${padNumber(number - 1)}` });
    if (!session || !question) continue;
    const { version, createdAt, requestId, authorId } = question;
    await putReply(number, {
      ...{ sessionId, threadId: id, number, messageId: `${question.id}-answer`, teamId: session.teamId },
      ...{ userId: authorId, version, createdAt, attempt: 1, requestId, status: "queued" },
    });
  }
  await dynamo().send(
    new UpdateCommand({ ...table(), Key: { pk, sk }, UpdateExpression: "REMOVE waiting, gsi2pk, gsi2sk" }),
  );
}

/** Writes a reply unless it is there. One that is queued asks for its job. */
async function putReply(number: number, reply: Record<string, unknown>): Promise<void> {
  const { sessionId, threadId, userId, createdAt, status } = reply;
  const asking = {
    ...{ outboxId: newId("ann"), outboxJob: { kind: "reply", sessionId, threadId, number, userId } },
    ...{ gsi2pk: "STATUS#reply#queued", gsi2sk: createdAt },
  };
  await putNewItem({
    ...{ pk: `THREAD#${threadId}`, sk: `MESSAGE#${padNumber(number)}#REPLY`, type: "reply", v: 1 },
    ...{ ...reply, id: `${threadId}.${number}` },
    ...(status === "queued" && asking),
  });
}

/**
 * Requests jobs that may not have been sent yet again under the new names: queued work, and the review of each
 * codebase's newest version. All other jobs were sent long ago.
 */
export async function migrateOutbox({ pk, sk, type, status, number, announceId }: RawItem): Promise<void> {
  const isNewest = type === "version" && (await getItem({ pk, sk: "HEAD" }))?.number === number;
  const isAsking = isNewest || status === "queued";
  const rename = isAsking ? "SET outboxId = announceId, outboxJob = announce " : "";
  const update = new UpdateCommand({
    ...{ ...table(), Key: { pk, sk } },
    UpdateExpression: `${rename}REMOVE announceId, announce`,
    ConditionExpression: "announceId = :id",
    ExpressionAttributeValues: { ":id": announceId },
  });
  await conditionHeld(dynamo().send(update));
}
