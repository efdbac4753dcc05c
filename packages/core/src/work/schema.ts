import * as v from "valibot";
import type { DeadProcesses } from "../platform/instance";

/** An id in a job message; whether it names anything is for the kind to find out. */
export const jobIdSchema = v.pipe(v.string(), v.minLength(1), v.maxLength(200));

export const WORK_STATUSES = ["queued", "running", "done", "failed", "cancelled"] as const;
export type WorkStatus = (typeof WORK_STATUSES)[number];
export type EndedStatus = Exclude<WorkStatus, "queued" | "running">;

/** What the kernel keeps on the item of a piece of work. Times are ISO strings, `leaseUntil` is in seconds. */
export type WorkItem = {
  status: WorkStatus;
  userId: string;
  /** Counts the claims: a worker of an earlier one can store nothing more. */
  epoch?: number;
  /** One taking of the lease, by which its worker knows a write of its own whose answer was lost. */
  claimId?: string;
  /** How often a worker has begun it since it was last asked for. */
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

/** The same, held by this process. */
export type Held<Item> = Item & { epoch: number; claimId: string; attempts: number };

/** Work that somebody has begun, or that waits. `leaseUntil` is in seconds; null while nobody has begun. */
export type RunningWork = { sessionId: string; id: string; since: string; leaseUntil: number | null };

export type Allowance = {
  /** How long the worker's function may still run; without a bound where nothing ends it. */
  remainingMs?: number;
};

/** Whether a worker has died at it: its lease ran out, and nobody has taken it over. */
export const isStalled = ({ status, leaseUntil = 0 }: WorkItem): boolean =>
  status === "running" && leaseUntil < Date.now() / 1_000;

/** What people are told of a kind of work. */
export type WorkLabels = {
  /** A job of this kind, as a list of jobs names it. */
  name: string;
  /** What nobody will do when such a job is discarded, as a sentence. */
  ifDiscarded: string;
};

/** A kind of background work: what the queue's worker, the sweeper, a restart and the operator's page need of it. */
export type WorkKind<Input = never> = {
  /** Names it in job messages. */
  readonly kind: string;
  /** What a job of this kind says besides its kind; its entries become those of the message. */
  readonly input: v.ObjectSchema<v.ObjectEntries, undefined>;
  readonly labels: WorkLabels;
  /** Carries out a job. Delivered again, it resumes or does nothing. */
  perform(input: Input, allowance?: Allowance): Promise<void>;
  /**
   * Begins a job in this process, for whoever follows it; what is returned says when it has ended, and
   * rejects where that could not be stored. Undefined where another worker is at it, or it has ended.
   */
  start(input: Input, allowance?: Allowance): Promise<{ ended: Promise<void> } | undefined>;
  /** Asks again for what lost its worker; returns for how much. Idempotent, may run in many processes. */
  sweep(): Promise<number>;
  /** Does so at once for what dead processes held. */
  release(dead: DeadProcesses): Promise<number>;
  /** Gives up what this process is at, so that another continues with it at once: the process is ending. */
  handBack(): Promise<void>;
  /** Resolves once all that this process is at has ended. */
  settle(): Promise<void>;
  /** At most 100 that wait and 100 that run, of every session: for operators. */
  listRunning(): Promise<RunningWork[]>;
};
