/** Handles failed and undeliverable messages of the job queues. */
import { SendMessageCommand } from "@aws-sdk/client-sqs";
import * as v from "valibot";
import { AppError } from "../errors";
import { LIMITS } from "../limits";
import { sqs } from "./clients";
import { REQUEST_ID } from "./correlation";
import { errorFields, log } from "./log";
import { resources } from "./resources";

/** A message from before there were any has none. */
export const requestIdSchema = v.optional(v.pipe(v.string(), v.regex(REQUEST_ID)));

/** Returns the request a message was written for, also where the message is no job. */
export function parseRequestId(body: string): string | undefined {
  try {
    return v.parse(v.object({ requestId: requestIdSchema }), JSON.parse(body)).requestId;
  } catch {
    return undefined;
  }
}

/**
 * Settles a job that failed: one that can never be done (bad input, a missing object, no access), or that was tried often
 * enough, goes to the dead letters with its reason; any other error is thrown again, so that the queue gives it out anew.
 */
export async function handleJobFailure(error: unknown, message: { body: string; receives: number }): Promise<void> {
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
      MessageAttributes: { reason: { DataType: "String", StringValue: loggableReason(error) } },
    }),
  );
}

/** Returns only the name of an unknown error: its message may quote user content. */
const loggableReason = (error: unknown): string =>
  error instanceof AppError
    ? `${error.code}: ${error.message}`
    : `INTERNAL_ERROR: ${error instanceof Error ? error.name : "unknown"}`;
