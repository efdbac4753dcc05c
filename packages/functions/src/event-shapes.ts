/** Schemas of the functions' events. Any caller with permission to invoke a function may send it anything. */
import { AppError } from "@redline/core/errors";
import type { SQSEvent, SQSRecord } from "aws-lambda";
import * as v from "valibot";

const records = <Each extends v.GenericSchema>(each: Each) => v.looseObject({ Records: v.array(each) });

const queueBatch = records(v.unknown());
const streamBatch = records(v.looseObject({ dynamodb: v.looseObject({ SequenceNumber: v.string() }) }));
const notifications = records(v.looseObject({ Sns: v.looseObject({ Message: v.string() }) }));

/** Throws INVALID_INPUT for what is no batch; each of its records is looked at by itself, so that none stops another. */
export const requireQueueBatch = (event: unknown): SQSEvent => required(queueBatch, event, "batch of messages");

/** Throws INVALID_INPUT unless every record says its place in the stream: without it none could be named as failed. */
export const requireStreamBatch = <Event>(event: Event): Event =>
  required(streamBatch, event, "batch of a table's stream");

/** Throws INVALID_INPUT for what is no notification. */
export const requireNotifications = <Event>(event: Event): Event => required(notifications, event, "notification");

function required<Event>(schema: v.GenericSchema, event: unknown, what: string): Event {
  if (v.is(schema, event)) return event as Event;
  throw new AppError("INVALID_INPUT", `The event is no ${what}.`);
}

/** Characters that an SQS message can't hold: all but these of XML. */
const UNSENDABLE = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu;

const bodySchema = v.looseObject({ body: v.pipe(v.string(), v.nonEmpty()) });
const receivesSchema = v.looseObject({
  attributes: v.looseObject({ ApproximateReceiveCount: v.pipe(v.string(), v.regex(/^[1-9]\d{0,8}$/)) }),
});

/**
 * The message that a record brings, fit to be sent on. A record without one is its own message: it is no job, and kept as
 * it came.
 */
export function messageOf(record: SQSRecord | unknown): { body: string; receives: number } {
  const body = v.is(bodySchema, record) ? record.body : JSON.stringify({ record: record ?? null });
  const receives = v.is(receivesSchema, record) ? Number(record.attributes.ApproximateReceiveCount) : 1;
  return { body: body.replace(UNSENDABLE, "\uFFFD"), receives };
}
