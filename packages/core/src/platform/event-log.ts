import { EventEmitter } from "node:events";
import { Entity } from "dynamodb-toolbox/entity";
import { PutItemCommand } from "dynamodb-toolbox/entity/actions/put";
import { any, boolean, item, list, number, string } from "dynamodb-toolbox/schema";
import { QueryCommand } from "dynamodb-toolbox/table/actions/query";
import { AppError } from "../errors";
import { LIMITS } from "../limits";
import { nowSeconds, sleep } from "./clock";
import { isConditionFailed } from "./conditions";
import { padNumber } from "./ids";
import { entityDefaults, table } from "./table";

/** One event of a log: `sequence` counts from 1, without gaps. `last` marks the event that ends the log. */
export type LogEvent<E = unknown> = { sequence: number; event: E; last: boolean };

const BatchEntity = new Entity({
  ...entityDefaults,
  name: "events",
  schema: item({
    logId: string().key(),
    lastSequence: number().key(),
    events: list(any()),
    ended: boolean().optional(),
    ttl: number(),
    v: number().default(1),
  }),
  computeKey: ({ logId, lastSequence }: { logId: string; lastSequence: number }) => ({
    pk: `LOG#${logId}`,
    sk: padNumber(lastSequence),
  }),
});

const nearby = new EventEmitter().setMaxListeners(0);

/**
 * An append-only numbered stream with one writer at a time. Events reach this process's followers at once, and the
 * table in batches (a second or 4 KB, whichever is first).
 */
export class EventLogWriter<E> {
  private sequence = 0;
  private pending: LogEvent<E>[] = [];
  private pendingBytes = 0;
  private timer: NodeJS.Timeout | undefined;
  private writing: Promise<void> = Promise.resolve();

  constructor(
    readonly logId: string,
    after = 0,
  ) {
    this.sequence = after;
  }

  append(event: E, last = false): void {
    this.sequence += 1;
    const entry = { sequence: this.sequence, event, last };
    this.pending.push(entry);
    this.pendingBytes += JSON.stringify(event).length;
    nearby.emit(this.logId, entry);
    if (last || this.pendingBytes >= LIMITS.eventLog.batchBytes) void this.flush().catch(() => undefined);
    else this.timer ??= setTimeout(() => void this.flush().catch(() => undefined), LIMITS.eventLog.batchMs);
  }

  /** Ends the log with this event and waits until all of it is stored. */
  async end(event: E): Promise<void> {
    this.append(event, true);
    await this.flush();
  }

  /** Rejects when a batch could not be stored: another writer was there first, or the table does not answer. */
  flush(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    const batch = this.pending;
    this.pending = [];
    this.pendingBytes = 0;
    if (batch.length > 0) this.writing = this.writing.then(() => writeBatch(this.logId, batch));
    return this.writing;
  }
}

async function writeBatch(logId: string, batch: LogEvent[]): Promise<void> {
  const final = batch.at(-1);
  if (!final) return;
  try {
    await BatchEntity.build(PutItemCommand)
      .item({
        logId,
        lastSequence: final.sequence,
        events: batch.map((entry) => entry.event),
        ...(final.last && { ended: true }),
        ttl: nowSeconds() + LIMITS.eventLog.keepSeconds,
      })
      .options({ condition: { attr: "logId", exists: false } })
      .send();
  } catch (error) {
    if (isConditionFailed(error)) {
      throw new AppError("VERSION_CONFLICT", "Another worker wrote this log.", { cause: error });
    }
    throw error;
  }
}

/** The stored events after `after`, in order; an event inside a batch is a place to go on from like any other. */
export async function readLog<E>(logId: string, after = 0): Promise<LogEvent<E>[]> {
  const { Items = [] } = await table
    .build(QueryCommand)
    .entities(BatchEntity)
    .query({ partition: `LOG#${logId}`, range: { gt: padNumber(after) } })
    .options({ consistent: true, maxPages: Number.POSITIVE_INFINITY })
    .send();
  return Items.flatMap((batch) => {
    const first = batch.lastSequence - batch.events.length + 1;
    return batch.events.map((event, at) => ({
      sequence: first + at,
      event: event as E,
      last: batch.ended === true && at === batch.events.length - 1,
    }));
  }).filter((entry) => entry.sequence > after);
}

/**
 * The events after `after`, each once and in order, until the log ends or the signal aborts: from memory where this
 * process writes the log, else by asking the table, twice a second at first and every two seconds when it is quiet.
 */
export async function* followLog<E>(logId: string, after: number, signal: AbortSignal): AsyncGenerator<LogEvent<E>> {
  let seen = after;
  let wake: () => void = () => undefined;
  const inbox: LogEvent<E>[] = [];
  const listen = (entry: LogEvent<E>) => {
    inbox.push(entry);
    wake();
  };
  nearby.on(logId, listen);
  try {
    for (let quiet = 0; !signal.aborted; ) {
      const waiting = inbox.splice(0);
      const gap = waiting[0] !== undefined && waiting[0].sequence > seen + 1;
      const fresh = waiting.length > 0 && !gap ? waiting : [...(await readLog<E>(logId, seen)), ...waiting];
      let progressed = false;
      for (const entry of fresh) {
        if (entry.sequence <= seen) continue;
        if (entry.sequence > seen + 1) break;
        seen = entry.sequence;
        progressed = true;
        yield entry;
        if (entry.last) return;
      }
      if (progressed) quiet = 0;
      if (inbox.length > 0) continue;
      const waitMs = Math.min(100 * 2 ** quiet, 2_000);
      quiet = Math.min(quiet + 1, 5);
      await Promise.race([sleep(waitMs, signal), new Promise<void>((resolve) => (wake = resolve))]);
    }
  } finally {
    nearby.off(logId, listen);
  }
}
