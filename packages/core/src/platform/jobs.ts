/** The messages of the job queues, as a worker takes them, and what becomes of those that can't be done. */
import { SendMessageCommand } from "@aws-sdk/client-sqs";
import * as v from "valibot";
import { AppError } from "../errors";
import { LIMITS } from "../limits";
import type { Announcement } from "./announce";
import { sqs } from "./clients";
import { REQUEST_ID } from "./correlation";
import { errorFields, log } from "./log";
import { resources } from "./resources";

const id = v.pipe(v.string(), v.minLength(1), v.maxLength(200));
const number = v.pipe(v.number(), v.integer(), v.minValue(1));

/** A message from before there were any has none. */
const requestId = v.optional(v.pipe(v.string(), v.regex(REQUEST_ID)));

const jobSchema = v.variant("kind", [
  v.object({
    ...{ kind: v.literal("review"), sessionId: id, version: number, userId: id, requestId },
    again: v.optional(v.literal(true)),
  }),
  v.object({ kind: v.literal("model-review"), sessionId: id, reviewId: id, userId: id, requestId }),
  v.object({ kind: v.literal("answer"), sessionId: id, threadId: id, number, userId: id, requestId }),
]);

const KINDS: ReadonlySet<string> = new Set(jobSchema.options.map(({ entries }) => entries.kind.literal));

/**
 * What a message asks for. Throws INVALID_INPUT for what is no job, and INTERNAL_ERROR, which is tried again, for a kind
 * that this code does not know: while new code takes over from old, what the new one asks for meets both.
 */
export function jobIn(body: string): Announcement {
  try {
    return v.parse(jobSchema, JSON.parse(body));
  } catch (cause) {
    if (isOfNewKind(body)) throw new AppError("INTERNAL_ERROR", "This version knows no job of this kind.", { cause });
    throw new AppError("INVALID_INPUT", "The message is not a job.", { cause });
  }
}

function isOfNewKind(body: string): boolean {
  try {
    return !KINDS.has(v.parse(v.object({ kind: id }), JSON.parse(body)).kind);
  } catch {
    return false;
  }
}

/** The request a message was written for, also where the message is no job. */
export function requestIdIn(body: string): string | undefined {
  try {
    return v.parse(v.object({ requestId }), JSON.parse(body)).requestId;
  } catch {
    return undefined;
  }
}

/**
 * Settles a job that failed: one that can never be done (bad input, a missing object, no access), or that was tried often
 * enough, goes to the dead letters with its reason; any other error is thrown again, so that the queue gives it out anew.
 */
export async function failedJob(error: unknown, message: { body: string; receives: number }): Promise<void> {
  const isPermanent = error instanceof AppError && error.status < 500 && error.status !== 429;
  if (!isPermanent && message.receives < LIMITS.jobs.receives) {
    log.warn("job to be tried again", { ...errorFields(error), receives: message.receives });
    throw error;
  }
  log.error("job given up", { ...errorFields(error), receives: message.receives });
  await sqs().send(
    new SendMessageCommand({
      QueueUrl: resources.ReviewDeadQueue.url,
      MessageBody: message.body,
      MessageAttributes: { reason: { DataType: "String", StringValue: reasonOf(error) } },
    }),
  );
}

/** Of an unknown error only the name: its message may quote what was being worked on. */
const reasonOf = (error: unknown): string =>
  error instanceof AppError
    ? `${error.code}: ${error.message}`
    : `INTERNAL_ERROR: ${error instanceof Error ? error.name : "unknown"}`;
