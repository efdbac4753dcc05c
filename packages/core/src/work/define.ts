import type * as v from "valibot";
import { AppError } from "../errors";
import { nowMs, nowSeconds } from "../platform/clock";
import { EventLogWriter, readLog } from "../platform/event-log";
import { errorFields, log } from "../platform/log";
import { enqueueJob } from "../platform/outbox";
import { type ContextOptions, LeaseLost, WorkContext } from "./context";
import type { Claimable, WorkItems, WorkKey } from "./items";
import type { Held, RunningWork, WorkItem, WorkKind, WorkLabels } from "./schema";

/** What a Lambda function may take, where nobody says how long it still has. */
const DEFAULT_REMAINING_MS = 300_000;

type Definition<Entries extends v.ObjectEntries, Item extends WorkKey & WorkItem, Loaded, Event> = {
  /** Names it in job messages, which are stored: not to be changed. */
  kind: string;
  /** What a job says, besides its kind. */
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
  /** The last event of work that failed. */
  failure(message: string): Event;
  labels: WorkLabels & {
    /** Said to whoever asked when it fails because of a fault on our side. */
    fault: string;
    /** Said when too many workers died at it. */
    tooManyAttempts?: string;
  };
  /** How often it is begun, when workers die at it; without a limit when absent. */
  maxAttempts?: number;
  /** How often a fault on our side is tried again before the work fails. */
  retries?: number;
  isCancellable?: boolean;
  /** Time before its function is ended at which the signal aborts. */
  reserveMs?: number;
  /** `run` hands the work on when the signal aborts because the process is ending, with what it knows by then. */
  handsOnItself?: boolean;
  /** When somebody asked for it, or began it: for operators. */
  since(item: Item): string;
};

export type DefinedWork<Input, Item extends WorkKey & WorkItem> = WorkKind<Input> & { readonly items: WorkItems<Item> };

/** Defines a kind of work: see README.md for its states, and for what the kernel does and what the kind. */
export function defineWork<Entries extends v.ObjectEntries, Item extends WorkKey & WorkItem, Loaded, Event>(
  definition: Definition<Entries, Item, Loaded, Event>,
): DefinedWork<v.InferOutput<v.ObjectSchema<Entries, undefined>>, Item> {
  type Input = v.InferOutput<v.ObjectSchema<Entries, undefined>>;
  const { kind, items, labels, handsOnItself = false } = definition;
  /** What this process is at. */
  const underWay = new Set<WorkContext<Item, Event>>();

  const contextOf = async (item: Held<Item>, endsAt: number) => {
    const logId = definition.logIdOf(item);
    const before = await readLog<Event>(logId);
    const events = new EventLogWriter<Event>(logId, before.at(-1)?.sequence ?? 0);
    const { reserveMs = 0, isCancellable = false } = definition;
    const options: ContextOptions = { endsAt, reserveMs, isCancellable };
    return { work: new WorkContext<Item, Event>(item, events, items, options), isResumed: before.length > 0 };
  };

  /** A fault ends the work as what it is; what it has stored by then stays. */
  const fail = async (work: WorkContext<Item, Event>, error: unknown) => {
    const about = { kind, sessionId: work.item.sessionId, id: work.item.id };
    // Whoever has taken the log has taken the work: what became of it is for that one to say.
    if (error instanceof LeaseLost || work.isLost || work.events.isLost) return log.warn("work taken over", about);
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

  const perform: WorkKind<Input>["perform"] = async (input, { remainingMs = DEFAULT_REMAINING_MS } = {}) => {
    const endsAt = nowMs() + remainingMs;
    const loaded = await definition.load(input);
    if (loaded === undefined) return;
    const { where, fields } = definition.claim(input);
    const held = await items.claim(definition.keyOf(input), where, fields);
    if (!held) return;
    const { work, isResumed } = await contextOf(held, endsAt);
    underWay.add(work);
    try {
      const { maxAttempts = Number.POSITIVE_INFINITY } = definition;
      if (held.attempts > maxAttempts) throw new AppError("INTERNAL_ERROR", labels.tooManyAttempts ?? labels.fault);
      await definition.run(work, loaded, isResumed);
    } catch (error) {
      await fail(work, error);
    } finally {
      work.close();
      underWay.delete(work);
    }
  };

  return {
    kind,
    input: definition.input,
    labels,
    items,
    perform,
    async sweep() {
      const stalled = await items.queryRunning(nowSeconds());
      // Claiming decides, so asking twice does no harm.
      for (const item of stalled) await enqueueJob(items.jobOf(item));
      return { begun: 0, recovered: stalled.length };
    },
    async release(dead) {
      const held = await items.queryHeldBy(dead);
      // That all processes ended is no fault of the work; that one of them did may be.
      const released = await Promise.all(held.map((item) => items.handBack(item, { counts: dead !== "all" })));
      return released.filter(Boolean).length;
    },
    async handBack() {
      await Promise.all([...underWay].map((work) => work.leave({ handsOnItself })));
    },
    async listRunning(): Promise<RunningWork[]> {
      const running = await items.queryRunning();
      return running.map((item) => ({
        ...{ sessionId: item.sessionId, id: item.id },
        ...{ since: definition.since(item), leaseUntil: item.leaseUntil ?? 0 },
      }));
    },
  };
}
