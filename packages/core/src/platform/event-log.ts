import { EventEmitter } from "node:events";
import { Entity } from "dynamodb-toolbox/entity";
import { PutItemCommand } from "dynamodb-toolbox/entity/actions/put";
import { PutTransaction } from "dynamodb-toolbox/entity/actions/transactPut";
import { any, boolean, item, list, number, string } from "dynamodb-toolbox/schema";
import { QueryCommand } from "dynamodb-toolbox/table/actions/query";
import { AppError } from "../errors";
import { LIMITS } from "../limits";
import { nowSeconds, sleep } from "./clock";
import { cancelledAt, isConditionFailed } from "./conditions";
import { newId, padNumber } from "./ids";
import { entityDefaults, table } from "./table";
import { pastConflicts, type Write, writeAll } from "./transaction";

/**
 * One event of a log: `sequence` counts from 1, without gaps. `last` marks the event that ends the log; an end that was
 * written for a writer who died comes after a gap.
 */
export type LogEvent<E = unknown> = { sequence: number; event: E; last: boolean };

const BatchEntity = new Entity({
  ...entityDefaults,
  name: "events",
  schema: item({
    logId: string().key(),
    lastSequence: number().key(),
    events: list(any()),
    ended: boolean().optional(),
    writerId: string().optional(),
    ttl: number(),
    v: number().default(1),
  }),
  computeKey: ({ logId, lastSequence }: { logId: string; lastSequence: number }) => ({
    pk: `LOG#${logId}`,
    sk: padNumber(lastSequence),
  }),
});

const nearby = new EventEmitter().setMaxListeners(0);

/** Items end at 400 KB, so a batch ends before. */
const MAX_ITEM_BYTES = 350 * 1024;
const MAX_TRIES_AT_END = 5;

/** The sequence of an `end` that was written for a writer who died: beyond any that it can have used. */
const END_FOR_ANOTHER = 99_999_999;

type Batch<E> = { entries: LogEvent<E>[]; bytes: number };

/**
 * An append-only numbered stream with one writer at a time. Events reach this process's followers at once, and the
 * table in batches (a second or 4 KB, whichever is first). `fence` is a check that rides in each batch's transaction:
 * where it does not hold any more, nothing is stored and every flush rejects with VERSION_CONFLICT. It gives nothing
 * once what it guards is settled and only the rest of the log is to be stored.
 */
export class EventLogWriter<E> {
  private sequence = 0;
  private pending: LogEvent<E>[] = [];
  private pendingBytes = 0;
  private readonly unsent: Batch<E>[] = [];
  private timer: NodeJS.Timeout | undefined;
  private writing: Promise<void> = Promise.resolve();
  private readonly writerId = newId("req");
  private lostBecause: AppError | undefined;

  constructor(
    readonly logId: string,
    after = 0,
    private readonly fence?: () => Write | undefined,
  ) {
    this.sequence = after;
  }

  /** True once another took this log over: nothing that was appended since has been stored. */
  get isLost(): boolean {
    return this.lostBecause !== undefined;
  }

  append(event: E, last = false): void {
    const bytes = Buffer.byteLength(JSON.stringify(event));
    if (this.pendingBytes > 0 && this.pendingBytes + bytes > MAX_ITEM_BYTES) this.cut();
    this.sequence += 1;
    const entry = { sequence: this.sequence, event, last };
    this.pending.push(entry);
    this.pendingBytes += bytes;
    if (!this.lostBecause) nearby.emit(this.logId, entry);
    if (last || this.pendingBytes >= LIMITS.eventLog.batchBytes) this.flushBehind();
    else this.timer ??= setTimeout(() => this.flushBehind(), LIMITS.eventLog.batchMs);
  }

  /** Ends the log with this event and waits until all of it is stored. */
  async end(event: E): Promise<void> {
    this.append(event, true);
    for (let tried = 1; ; tried += 1) {
      try {
        return await this.flush();
      } catch (error) {
        if (this.lostBecause || tried === MAX_TRIES_AT_END) throw error;
        await sleep(100 * 2 ** tried);
      }
    }
  }

  /**
   * Rejects when something could not be stored: another writer was there first, or the table does not answer; then the
   * next flush tries again.
   */
  flush(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.cut();
    const before = this.writing.catch(() => undefined);
    this.writing = before.then(() => this.send());
    return this.writing;
  }

  private flushBehind(): void {
    this.flush().catch(() => {
      if (!this.lostBecause) this.timer ??= setTimeout(() => this.flushBehind(), LIMITS.eventLog.batchMs);
    });
  }

  private cut(): void {
    if (this.pending.length > 0) this.unsent.push({ entries: this.pending, bytes: this.pendingBytes });
    this.pending = [];
    this.pendingBytes = 0;
  }

  private async send(): Promise<void> {
    if (this.lostBecause) throw this.lostBecause;
    for (let batch = this.unsent[0]; batch; batch = this.unsent[0]) {
      try {
        await writeBatch(this.logId, batch.entries, this.writerId, this.fence?.());
      } catch (error) {
        if (error instanceof AppError && error.code === "VERSION_CONFLICT") this.lostBecause = error;
        throw error;
      }
      this.unsent.shift();
    }
  }
}

async function writeBatch(logId: string, batch: LogEvent[], writerId: string, fence?: Write): Promise<void> {
  const final = batch.at(-1);
  if (!final) return;
  const stored = {
    logId,
    lastSequence: final.sequence,
    events: batch.map((entry) => entry.event),
    ...(final.last && { ended: true }),
    writerId,
    ttl: nowSeconds() + LIMITS.eventLog.keepSeconds,
  };
  // A batch whose answer was lost is sent again by the same writer, and is the same.
  const condition = {
    or: [
      { attr: "logId" as const, exists: false },
      { attr: "writerId" as const, eq: writerId },
    ],
  };
  try {
    if (fence) {
      const put = BatchEntity.build(PutTransaction).item(stored).options({ condition });
      await pastConflicts(() => writeAll([put, fence]));
    } else await BatchEntity.build(PutItemCommand).item(stored).options({ condition }).send();
  } catch (error) {
    if (isConditionFailed(error) || (cancelledAt(error)?.condition.length ?? 0) > 0) {
      throw new AppError("VERSION_CONFLICT", "Another worker wrote this log.", { cause: error });
    }
    throw error;
  }
}

/** Ends the log of a writer who died and was fenced out; a log that has an end keeps it. */
export async function endLogOf<E>(logId: string, event: E): Promise<void> {
  if ((await readLog(logId)).at(-1)?.last) return;
  const entry = { sequence: END_FOR_ANOTHER, event, last: true };
  try {
    await writeBatch(logId, [entry], "another");
  } catch (error) {
    if (!(error instanceof AppError && error.code === "VERSION_CONFLICT")) throw error;
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
        if (entry.sequence > seen + 1 && !isEndForAnother(entry)) break;
        seen = entry.sequence;
        progressed = true;
        yield entry;
        if (entry.last) return;
      }
      if (progressed) quiet = 0;
      if (inbox.length > 0) continue;
      const waitMs = Math.min(100 * 2 ** quiet, 2_000);
      quiet = Math.min(quiet + 1, 5);
      await new Promise<void>((resolve) => {
        wake = () => {
          clearTimeout(timer);
          signal.removeEventListener("abort", wake);
          resolve();
        };
        const timer = setTimeout(wake, waitMs);
        signal.addEventListener("abort", wake);
      });
    }
  } finally {
    nearby.off(logId, listen);
  }
}

/** What the table says of the end is the truth, also where memory told of events that were never stored. */
const isEndForAnother = (entry: LogEvent): boolean => entry.last && entry.sequence === END_FOR_ANOTHER;
