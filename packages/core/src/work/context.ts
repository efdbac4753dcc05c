import { LIMITS } from "../limits";
import { nowMs } from "../platform/clock";
import type { EventLogWriter } from "../platform/event-log";
import { errorFields, log } from "../platform/log";
import type { WorkItems, WorkKey } from "./items";
import type { EndedStatus, Held, WorkItem } from "./schema";

/** The work was given to another worker: whatever is still to be said of it, that one says. */
export class LeaseLost extends Error {}

export type ContextOptions = {
  /** The time at which the worker's function is ended, in ms since the epoch; infinite without a limit. */
  endsAt: number;
  /** Time before `endsAt` at which `signal` aborts, so that the rest can be handed on. */
  reserveMs: number;
  /** Looks each second whether it was cancelled, instead of at each renewal. */
  isCancellable: boolean;
};

/**
 * One piece of work while this process holds it. Its lease is renewed until `close`; `signal` aborts when it was cancelled
 * or taken from us, when time is nearly up, and when this process is ending.
 */
export class WorkContext<Item extends WorkKey & WorkItem, Event> {
  isCancelled = false;
  /** Another worker has it, or it was handed back: nothing more is stored, and every write throws LeaseLost. */
  isLost = false;
  /** This process is ending, which is no fault of the work. */
  isLeaving = false;
  /** It was ended or handed on, as it should be. */
  isSettled = false;
  private readonly stop = new AbortController();
  private readonly heartbeat: NodeJS.Timeout;
  private readonly deadline: NodeJS.Timeout | undefined;
  private readonly listenNoMore: () => void;
  private renewAt = nowMs() + LIMITS.lease.renewSeconds * 1_000;
  private isBeating = false;
  /** True while its end, or handing it on, is being written: that it no longer runs is this process's doing. */
  private isEnding = false;

  constructor(
    /** The item as stored: a change to it is saved before it has any effect. */
    readonly item: Held<Item>,
    readonly events: EventLogWriter<Event>,
    private readonly items: WorkItems<Item>,
    private readonly options: ContextOptions,
  ) {
    if (item.isCancelRequested) this.cancel();
    this.listenNoMore = options.isCancellable ? items.onCancel(item, () => this.cancel()) : () => undefined;
    const beatMs = options.isCancellable ? LIMITS.work.cancelPollMs : LIMITS.lease.renewSeconds * 1_000;
    this.heartbeat = setInterval(() => void this.beat(), beatMs);
    const untilMs = options.endsAt - options.reserveMs - nowMs();
    if (Number.isFinite(untilMs)) this.deadline = setTimeout(() => this.stop.abort(), Math.max(0, untilMs));
  }

  get signal(): AbortSignal {
    return this.stop.signal;
  }

  /** Time that its function still has. */
  get remainingMs(): number {
    return this.options.endsAt - nowMs();
  }

  /** Throws LeaseLost when the work is no longer this process's. */
  requireLease(): void {
    if (this.isLost) throw new LeaseLost();
  }

  /** Stores attributes of the item, before anything follows from them. Throws LeaseLost. */
  async save(fields: Record<string, unknown>): Promise<void> {
    this.requireLease();
    if (!(await this.items.save(this.item, fields))) this.lose();
    this.requireLease();
  }

  /**
   * Runs a step once: where any worker has completed it already, returns that result. A step runs again when its worker
   * dies in it, so it must be safe to repeat. `key` names it among the steps; the result is stored as JSON in the item,
   * so it has to be small. Throws LeaseLost.
   */
  async step<T>(key: string, run: () => Promise<T>): Promise<T> {
    const { memo = {} } = this.item as WorkItem;
    if (Object.hasOwn(memo, key)) return memo[key] as T;
    this.requireLease();
    const result = await run();
    const done = { ...memo, [key]: result === undefined ? null : result };
    await this.save({ memo: done });
    (this.item as WorkItem).memo = done;
    return result;
  }

  /** Ends it, and its events with `last`; the time it ended. Throws LeaseLost. */
  async end(status: EndedStatus, last: Event, fields: Record<string, unknown> = {}): Promise<string> {
    const finishedAt = await this.endItem(status, fields);
    await this.events.end(last);
    return finishedAt;
  }

  /** Ends the item and leaves the end of its events to the caller. Throws LeaseLost. */
  async endItem(status: EndedStatus, fields: Record<string, unknown> = {}): Promise<string> {
    let finishedAt: string | undefined;
    await this.settle(async () => {
      finishedAt = await this.items.end(this.item, status, fields);
      return finishedAt !== undefined;
    });
    return finishedAt as unknown as string;
  }

  /** Gives the rest to another worker: this one's time is nearly over. Throws LeaseLost. */
  async handOn(fields: Record<string, unknown> = {}): Promise<void> {
    this.requireLease();
    // Stored events stay; the next worker continues their numbers.
    await this.events.flush().catch(() => undefined);
    await this.settle(() => this.items.handBack(this.item, { counts: false, fields }));
  }

  /** Tells it that this process is ending: it is handed on by itself (`handsOnItself`), or here and now. */
  async leave({ handsOnItself }: { handsOnItself: boolean }): Promise<void> {
    this.isLeaving = true;
    this.stop.abort();
    if (handsOnItself) return;
    this.isLost = true;
    await this.events.flush().catch(() => undefined);
    await this.items.handBack(this.item, { counts: false });
  }

  close(): void {
    this.listenNoMore();
    clearInterval(this.heartbeat);
    clearTimeout(this.deadline);
  }

  /** Writes its end, or hands it on; `write` returns false where the lease was lost. Throws LeaseLost. */
  private async settle(write: () => Promise<boolean>): Promise<void> {
    this.requireLease();
    this.isEnding = true;
    try {
      if (await write()) this.isSettled = true;
      else this.lose();
    } finally {
      this.isEnding = false;
    }
    this.requireLease();
  }

  private async beat(): Promise<void> {
    if (this.isBeating || this.isLost || this.isSettled || this.isEnding) return;
    this.isBeating = true;
    try {
      if (this.options.isCancellable && !this.isCancelled) await this.look();
      if (!this.isLost && nowMs() >= this.renewAt) {
        this.renewAt = nowMs() + LIMITS.lease.renewSeconds * 1_000;
        if (!(await this.items.save(this.item)) && !this.isEnding) this.lose();
      }
    } catch (error) {
      log.warn("lease heartbeat failed", errorFields(error));
    } finally {
      this.isBeating = false;
    }
  }

  private async look(): Promise<void> {
    const stored = await this.items.read(this.item);
    if (this.isEnding) return;
    if (stored?.epoch !== this.item.epoch || stored.status !== "running") this.lose();
    else if (stored.isCancelRequested) this.cancel();
  }

  private cancel(): void {
    this.isCancelled = true;
    this.stop.abort();
  }

  private lose(): void {
    if (this.isSettled) return;
    this.isLost = true;
    this.stop.abort();
  }
}
