import type * as v from "valibot";
import { AppError } from "../errors";
import { nowMs, nowSeconds } from "../platform/clock";
import { closeLogForDeadWriter, EventLogWriter, readLog, sealLog } from "../platform/event-log";
import { remainingMs as remainingOfInvocation } from "../platform/invocation";
import { errorFields, log } from "../platform/log";
import { enqueueJob } from "../platform/outbox";
import { type ContextOptions, LeaseLost, WorkContext } from "./context";
import type { Claimable, WorkItems, WorkKey } from "./items";
import {
  type Allowance,
  type EndedStatus,
  type Held,
  isStalled,
  type RunningWork,
  type WorkItem,
  type WorkKind,
  type WorkLabels,
} from "./schema";

/** The end of work whose worker died. */
type Interruption<Event> = { status: EndedStatus; fields?: Record<string, unknown>; last: Event };

type Definition<Entries extends v.ObjectEntries, Item extends WorkKey & WorkItem, Loaded, Event> = {
  /** Names it in job messages, which are stored: not to be changed. */
  kind: string;
  /** The fields of a job, besides its kind. */
  input: v.ObjectSchema<Entries, undefined>;
  items: WorkItems<Item>;
  keyOf(input: v.InferOutput<v.ObjectSchema<Entries, undefined>>): WorkKey;
  /** The log of its events. */
  logIdOf(item: Item): string;
  /**
   * Loads, through the actor who asked, what the work is about. What it throws is the job's failure, not the work's;
   * undefined: there is nothing to do.
   */
  load(input: v.InferOutput<v.ObjectSchema<Entries, undefined>>): Promise<Loaded | undefined>;
  /** From which states it is taken, and what is written with that. */
  claim(input: v.InferOutput<v.ObjectSchema<Entries, undefined>>): {
    where: Claimable;
    fields?: Record<string, unknown>;
  };
  /**
   * Does the work, and ends it or hands it on. What it throws ends the work as failed: an AppError in its own words, any
   * other error in those of `labels.fault`.
   */
  run(work: WorkContext<Item, Event>, loaded: Loaded, isResumed: boolean): Promise<void>;
  /**
   * Says how work is ended whose worker died, or failed to end it: `events` are all that its log holds. To be given for
   * items that are not resumable, instead of running them again; called again where that process dies too.
   */
  onInterrupted?(item: Held<Item>, events: Event[]): Promise<Interruption<Event>>;
  /** The last event of work that failed. */
  failure(message: string): Event;
  labels: WorkLabels & {
    /** The message for the user when the work fails because of a fault on our end. */
    fault: string;
    /** Said when too many workers died at it. */
    tooManyAttempts?: string;
  };
  /** The most claims before the work fails, when workers die; without a limit when absent. */
  maxAttempts?: number;
  /** The most retries after a fault on our end, before the work fails. */
  retries?: number;
  isCancellable?: boolean;
  /** Time before its function is ended at which the signal aborts. */
  reserveMs?: number;
  /** `run` hands the work on when the signal aborts because the process is ending, with what it knows by then. */
  handsOnItself?: boolean;
  /** Returns the time at which the work was requested or begun, for operators. */
  since(item: Item): string;
};

export type DefinedWork<Input, Item extends WorkKey & WorkItem> = WorkKind<Input> & {
  readonly items: WorkItems<Item>;
  /** Returns whether this process runs the work. */
  isHere(key: WorkKey): boolean;
};

/** Defines a kind of work: see README.md for its states, and for what the kernel does and what the kind. */
export function defineWork<Entries extends v.ObjectEntries, Item extends WorkKey & WorkItem, Loaded, Event>(
  definition: Definition<Entries, Item, Loaded, Event>,
): DefinedWork<v.InferOutput<v.ObjectSchema<Entries, undefined>>, Item> {
  type Input = v.InferOutput<v.ObjectSchema<Entries, undefined>>;
  const { kind, items, labels, handsOnItself = false } = definition;
  /** The work that this process runs. */
  const underWay = new Map<WorkContext<Item, Event>, Promise<void>>();
  if (items.isResumable === Boolean(definition.onInterrupted))
    throw new Error(`${kind}: onInterrupted is for items that are not resumable.`);

  const contextOf = async (item: Held<Item>, endsAt: number) => {
    const logId = definition.logIdOf(item);
    const before = items.isResumable ? await readLog<Event>(logId) : [];
    const events = new EventLogWriter<Event>(logId, before.at(-1)?.sequence ?? 0);
    const { reserveMs = 0, isCancellable = false } = definition;
    const options: ContextOptions = { endsAt, reserveMs, isCancellable };
    return { work: new WorkContext<Item, Event>(item, events, items, options), isResumed: before.length > 0 };
  };

  /** Ends work whose log has no writer any more. Returns false when another worker claimed it. */
  const endInterrupted = async (held: Held<Item>): Promise<boolean> => {
    const logId = definition.logIdOf(held);
    const events = (await sealLog<Event>(logId)).map(({ event }) => event);
    const how = await definition.onInterrupted?.(held, events);
    if (!how || !(await items.end(held, how.status, how.fields))) return false;
    await closeLogForDeadWriter<Event>(logId, how.last);
    return true;
  };

  /** A fault ends the work as what it is; what it has stored by then stays. */
  const fail = async (work: WorkContext<Item, Event>, error: unknown) => {
    const about = { kind, sessionId: work.item.sessionId, id: work.item.id };
    // The worker that took over the log has the work, too, and decides how it ends.
    if (error instanceof LeaseLost || work.isLost || work.events.isLost) return log.warn("work taken over", about);
    if (!items.isResumable) {
      log.error("work interrupted", { ...about, ...errorFields(error) });
      if (!work.isSettled) await endInterrupted(work.item);
      return;
    }
    const isOurs = !(error instanceof AppError) || error.status >= 500;
    const { retries = 0 } = definition;
    if (isOurs && !work.isSettled && work.item.attempts <= retries) {
      log.warn("work to be tried again", { ...about, ...errorFields(error) });
      await work.events.flush().catch(() => undefined);
      await items.handBack(work.item, { counts: true });
      return;
    }
    log.error("work failed", { ...about, ...errorFields(error) });
    const message = error instanceof AppError ? error.message : labels.fault;
    if (!(await items.end(work.item, "failed", { failure: message }))) return log.warn("work taken over", about);
    await work.events.end(definition.failure(message)).catch((lost) => {
      if (!work.events.isLost) throw lost;
    });
  };

  const interrupt = async (stalled: Item): Promise<boolean> => {
    const held = await items.takeOver(stalled);
    return held !== undefined && endInterrupted(held);
  };

  const run = (work: WorkContext<Item, Event>, loaded: Loaded, isResumed: boolean): Promise<void> => {
    const ended = (async () => {
      try {
        const { maxAttempts = Number.POSITIVE_INFINITY } = definition;
        if (work.item.attempts > maxAttempts) {
          throw new AppError("INTERNAL_ERROR", labels.tooManyAttempts ?? labels.fault);
        }
        await definition.run(work, loaded, isResumed);
      } catch (error) {
        await fail(work, error);
      } finally {
        work.close();
        underWay.delete(work);
      }
    })();
    underWay.set(work, ended);
    // The caller does not wait for the end.
    ended.catch((error) => log.error("work not ended", { kind, ...errorFields(error) }));
    return ended;
  };

  type Started = { ended: Promise<void> } | undefined;

  const start = async (input: Input, { remainingMs = remainingOfInvocation() }: Allowance = {}): Promise<Started> => {
    const endsAt = nowMs() + remainingMs;
    const loaded = await definition.load(input);
    if (loaded === undefined) return undefined;
    const { where, fields } = definition.claim(input);
    const key = definition.keyOf(input);
    const held = await items.claim(key, where, fields);
    if (held) {
      const { work, isResumed } = await contextOf(held, endsAt);
      return { ended: run(work, loaded, isResumed) };
    }
    if (items.isResumable) return undefined;
    const stored = await items.read(key);
    if (stored && isStalled(stored)) await interrupt(stored);
    return undefined;
  };

  const settleAll = async () => void (await Promise.allSettled(underWay.values()));

  return {
    kind,
    input: definition.input,
    labels,
    items,
    start,
    isHere: ({ sessionId, id }) =>
      [...underWay.keys()].some(({ item }) => item.id === id && item.sessionId === sessionId),
    async perform(input, allowance) {
      await (await start(input, allowance))?.ended;
    },
    async sweep() {
      const stalled = await items.index.queryRunning(nowSeconds());
      // Claiming decides, so asking twice does no harm.
      for (const item of stalled) await enqueueJob(items.jobOf(item));
      return stalled.length;
    },
    async release(dead) {
      const held = await items.index.queryHeldBy(dead);
      // That all processes ended is no fault of the work; that one of them did may be.
      const counts = dead !== "all";
      const each = held.map((item) => (items.isResumable ? items.handBack(item, { counts }) : interrupt(item)));
      // One that fails must not keep the others from being released.
      const results = await Promise.allSettled(each);
      const failed = results.find((result) => result.status === "rejected");
      if (failed) throw failed.reason;
      return results.filter((result) => result.status === "fulfilled" && result.value).length;
    },
    async handBack() {
      await Promise.all([...underWay.keys()].map((work) => work.leave({ handsOnItself })));
      if (handsOnItself) await settleAll();
    },
    async settle() {
      while (underWay.size > 0) await settleAll();
    },
    async listRunning(): Promise<RunningWork[]> {
      const [queued, running] = await Promise.all([items.index.queryQueued(), items.index.queryRunning()]);
      const listed = (item: Item, leaseUntil: number | null) => ({
        ...{ sessionId: item.sessionId, id: item.id },
        ...{ since: definition.since(item), leaseUntil },
      });
      return [
        ...queued.map((item) => listed(item, null)),
        ...running.map((item) => listed(item, item.leaseUntil ?? 0)),
      ];
    },
  };
}
