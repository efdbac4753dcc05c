import { Entity } from "dynamodb-toolbox/entity";
import { PutItemCommand } from "dynamodb-toolbox/entity/actions/put";
import { any, boolean, item, number, string } from "dynamodb-toolbox/schema";
import { QueryCommand } from "dynamodb-toolbox/table/actions/query";
import { AppError } from "../errors";
import { LIMITS } from "../limits";
import { nowSeconds } from "./clock";
import { packed } from "./compressed-json";
import { isConditionFailed } from "./dynamo-errors";
import { padNumber } from "./ids";
import { entityDefaults, table } from "./table";

/**
 * One event of a log: `sequence` counts from 1, without gaps. `last` marks the event that ends the log; an end that was
 * written for a writer who died comes after a gap.
 */
export type LogEvent<E = unknown> = { sequence: number; event: E; last: boolean };

/**
 * Batches form a chain: each has the number of its **first** event as its key, so every writer knows the key of the
 * next one, and the first to write there fences the others. Batches of former versions were keyed by their last event.
 */
const BatchEntity = new Entity({
  ...entityDefaults,
  name: "events",
  schema: item({
    logId: string().key(),
    at: number().key().savedAs("lastSequence"),
    isFirst: boolean().optional(),
    events: any().transform(packed),
    ended: boolean().optional(),
    writerId: string().optional(),
    ttl: number(),
    v: number().default(1),
  }),
  computeKey: ({ logId, at }: { logId: string; at: number }) => ({ pk: `LOG#${logId}`, sk: padNumber(at) }),
});

/** The sequence of an end that was written for a writer who died: beyond any that it can have used. */
const END_FOR_ANOTHER = 99_999_999;
const MAX_TRIES_TO_SEAL = 20;

/** The table decides how the log ended, also where memory has events that were never stored. */
export const isForcedEnd = (entry: LogEvent): boolean => entry.last && entry.sequence === END_FOR_ANOTHER;

/** Adds to the chain. Throws VERSION_CONFLICT where another was there first. */
export async function writeBatch(logId: string, batch: LogEvent[], writerId: string): Promise<void> {
  const [first] = batch;
  if (first) await write(logId, first.sequence, batch, writerId);
}

async function write(logId: string, at: number, batch: LogEvent[], writerId: string): Promise<void> {
  try {
    await BatchEntity.build(PutItemCommand)
      .item({
        logId,
        at,
        isFirst: true,
        events: batch.map((entry) => entry.event),
        ...(batch.at(-1)?.last && { ended: true }),
        writerId,
        ttl: nowSeconds() + LIMITS.eventLog.keepSeconds,
      })
      // A batch whose answer was lost is sent again by the same writer, and is the same.
      .options({
        condition: {
          or: [
            { attr: "logId", exists: false },
            { attr: "writerId", eq: writerId },
          ],
        },
      })
      .send();
  } catch (error) {
    if (!isConditionFailed(error)) throw error;
    throw new AppError("VERSION_CONFLICT", "Another worker wrote this log.", { cause: error });
  }
}

/** Fences the writer of a log. Returns everything the log will hold, except for an end. */
export async function sealLog<E>(logId: string): Promise<LogEvent<E>[]> {
  for (let tried = 0; tried < MAX_TRIES_TO_SEAL; tried += 1) {
    const stored = await readLog<E>(logId);
    const last = stored.at(-1);
    if (last?.last) return stored;
    try {
      await write(logId, (last?.sequence ?? 0) + 1, [], "sealed");
      return stored;
    } catch (error) {
      // The writer added to it since it was read.
      if (!(error instanceof AppError && error.code === "VERSION_CONFLICT")) throw error;
    }
  }
  throw new AppError("DATABASE_ERROR", "Log could not be sealed: concurrent writer.");
}

/** Ends the log of a writer who died and was shut out; a log that has an end keeps it. */
export async function closeLogForDeadWriter<E>(logId: string, event: E): Promise<void> {
  if ((await readLog(logId)).at(-1)?.last) return;
  try {
    await writeBatch(logId, [{ sequence: END_FOR_ANOTHER, event, last: true }], "another");
  } catch (error) {
    if (!(error instanceof AppError && error.code === "VERSION_CONFLICT")) throw error;
  }
}

/**
 * The stored events after `after`, in order; an event inside a batch is a place to go on from like any other. One read
 * less where `after` is known to be the end of a batch.
 */
export async function readLog<E>(logId: string, after = 0, isBatchEnd = after === 0): Promise<LogEvent<E>[]> {
  const [around, later] = await Promise.all([
    isBatchEnd ? [] : query(logId, { lte: padNumber(after) }, { reverse: true, limit: 1 }),
    query(logId, { gt: padNumber(after) }, { maxPages: Number.POSITIVE_INFINITY }),
  ]);
  return [...around, ...later].flatMap((batch) => parseBatch<E>(batch)).filter((entry) => entry.sequence > after);
}

type Range = { lte: string } | { gt: string };

async function query(logId: string, range: Range, options: { reverse?: true; limit?: 1; maxPages?: number }) {
  const { Items = [] } = await table
    .build(QueryCommand)
    .entities(BatchEntity)
    .query({ partition: `LOG#${logId}`, range })
    .options({ consistent: true, ...options })
    .send();
  return Items;
}

function parseBatch<E>(batch: Awaited<ReturnType<typeof query>>[number]): LogEvent<E>[] {
  const events = batch.events as E[];
  const first = batch.isFirst ? batch.at : batch.at - events.length + 1;
  return events.map((event, index) => ({
    sequence: first + index,
    event,
    last: batch.ended === true && index === events.length - 1,
  }));
}
