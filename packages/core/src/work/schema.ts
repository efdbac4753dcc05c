import * as v from "valibot";
import type { DeadProcesses } from "../platform/instance";

/** An id in a job message; whether it names anything is for the kind to find out. */
export const jobIdSchema = v.pipe(v.string(), v.minLength(1), v.maxLength(200));

export const WORK_STATUSES = ["queued", "running", "done", "failed", "cancelled"] as const;
export type WorkStatus = (typeof WORK_STATUSES)[number];
export type EndedStatus = Exclude<WorkStatus, "queued" | "running">;

/** Attributes of the kernel on a work's item. Times are ISO strings, `leaseUntil` is in seconds. */
export type WorkItem = {
  status: WorkStatus;
  userId: string;
  /** Counts the claims: a worker of an earlier one can store nothing more. */
  epoch?: number;
  /** One taking of the lease, by which its worker knows a write of its own whose answer was lost. */
  claimId?: string;
  /** Claims since the work was last requested. */
  attempts?: number;
  leaseUntil?: number;
  /** The process that holds the lease, where processes have names. */
  holder?: string;
  isCancelRequested?: boolean;
  /** Results of the steps that are done, by their keys. */
  memo?: Record<string, unknown>;
  finishedAt?: string;
  failure?: string;
};

/** The item of work whose lease this process holds. */
export type Held<Item> = Item & { epoch: number; claimId: string; attempts: number };

/** Work that is queued or running. `leaseUntil` is in seconds; null while it is queued. */
export type RunningWork = { sessionId: string; id: string; since: string; leaseUntil: number | null };

export type Allowance = {
  /** The time left for the worker's function; without a bound where nothing ends it. */
  remainingMs?: number;
};

/** Returns whether the work has ended, in whatever way. */
export const hasEnded = ({ status }: WorkItem): boolean => status !== "queued" && status !== "running";

/** Returns whether the worker has died: its lease expired, and no other took over. */
export const isStalled = ({ status, leaseUntil = 0 }: WorkItem): boolean =>
  status === "running" && leaseUntil < Date.now() / 1_000;

/** A kind of work's labels for people. */
export type WorkLabels = {
  /** A job of this kind, as a list of jobs names it. */
  name: string;
  /** The consequence of discarding such a job, as a sentence. */
  ifDiscarded: string;
};

/** A kind of background work: what the queue's worker, the sweeper, a restart and the operator's page need of it. */
export type WorkKind<Input = never> = {
  /** Names it in job messages. */
  readonly kind: string;
  /** The fields of a job of this kind besides its kind; they become those of the message. */
  readonly input: v.ObjectSchema<v.ObjectEntries, undefined>;
  readonly labels: WorkLabels;
  /** Carries out a job. Delivered again, it resumes or does nothing. */
  perform(input: Input, allowance?: Allowance): Promise<void>;
  /**
   * Begins a job in this process, for its follower. The returned promise settles when it has ended, and rejects where
   * the end could not be stored. Undefined where another worker holds it, or it has ended.
   */
  start(input: Input, allowance?: Allowance): Promise<{ ended: Promise<void> } | undefined>;
  /** Requeues work that lost its worker; returns the number of items. Idempotent, may run in many processes. */
  sweep(): Promise<number>;
  /** Requeues the work of dead processes at once. */
  release(dead: DeadProcesses): Promise<number>;
  /** Gives up what this process is at, so that another continues with it at once: the process is ending. */
  handBack(): Promise<void>;
  /** Resolves once all that this process is at has ended. */
  settle(): Promise<void>;
  /** At most 100 that wait and 100 that run, of every session: for operators. */
  listRunning(): Promise<RunningWork[]>;
};
