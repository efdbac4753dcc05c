import { EventEmitter } from "node:events";
import { AppError } from "../errors";
import { LIMITS } from "../limits";
import { isForcedEnd, type LogEvent, readLog, writeBatch } from "./event-log-items";
import { newId } from "./ids";
import { retry } from "./retry";

export { closeLogForDeadWriter, type LogEvent, readLog, sealLog } from "./event-log-items";

const nearby = new EventEmitter().setMaxListeners(0);

/** Items end at 400 KB, so a batch ends before. */
const MAX_ITEM_BYTES = 350 * 1024;
const AT_END = { attempts: 5, firstPauseMs: 200, longestPauseMs: 1_600, hasJitter: false };

/** Between two looks at a log that another process writes: a look costs less than half a second of waiting for it. */
const SHORT_WAIT_MS = 500;
const MAX_WAIT_MS = 2_000;
const LOOKS_BEFORE_SLOW = 12;

type Batch<E> = { entries: LogEvent<E>[]; bytes: number };

/**
 * An append-only numbered stream with one writer at a time. Events reach this process's followers at once, and the table
 * in batches: the first after a second, later ones after two, or as soon as there are 4 KB. A process that is killed takes
 * with it what it had not stored. Where another has written, or the log was sealed, nothing more is stored and every flush
 * rejects with VERSION_CONFLICT.
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
  private batchMs: number = LIMITS.eventLog.batchMs;

  constructor(
    readonly logId: string,
    after = 0,
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
    else this.flushLater();
  }

  /** Ends the log with this event and waits until all of it is stored. */
  async end(event: E): Promise<void> {
    this.append(event, true);
    await retry(() => this.flush(), { ...AT_END, isRetryable: () => !this.lostBecause });
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
      if (!this.lostBecause) this.flushLater();
    });
  }

  private flushLater(): void {
    this.timer ??= setTimeout(() => this.flushBehind(), this.batchMs);
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
        await writeBatch(this.logId, batch.entries, this.writerId);
      } catch (error) {
        if (error instanceof AppError && error.code === "VERSION_CONFLICT") this.lostBecause = error;
        throw error;
      }
      this.unsent.shift();
      this.batchMs = LIMITS.eventLog.laterBatchMs;
    }
  }
}

/**
 * Yields the events after `after`, each once and in order, until the log ends or the signal aborts: from memory when
 * this process writes the log, otherwise by polling the table, twice a second at first and every two seconds when it is
 * quiet.
 */
export async function* followLog<E>(logId: string, after: number, signal: AbortSignal): AsyncGenerator<LogEvent<E>> {
  let seen = after;
  /** True when the last event seen was the last of a batch, after which the next one begins. */
  let isBatchEnd = after === 0;
  let isHeard = false;
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
      const isFromMemory = waiting.length > 0 && !gap;
      isHeard ||= waiting.length > 0;
      const stored = isFromMemory ? [] : await readLog<E>(logId, seen, isBatchEnd);
      const fresh = isFromMemory ? waiting : [...stored, ...waiting];
      let progressed = false;
      for (const entry of fresh) {
        if (entry.sequence <= seen) continue;
        if (entry.sequence > seen + 1 && !isForcedEnd(entry)) break;
        seen = entry.sequence;
        isBatchEnd = entry === stored.at(-1);
        progressed = true;
        yield entry;
        if (entry.last) return;
      }
      if (progressed) quiet = 0;
      if (inbox.length > 0) continue;
      // A writer of this process is heard, so the table is asked only in case it was lost.
      const waitMs = isHeard || quiet > LOOKS_BEFORE_SLOW ? MAX_WAIT_MS : Math.min(100 * 2 ** quiet, SHORT_WAIT_MS);
      quiet += 1;
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
