/** Every kind of work, and what is done with all of them. A new kind is defined in its domain and listed here. */
import * as v from "valibot";
import { AppError } from "../errors";
import type { DeadProcesses } from "../platform/instance";
import { requestIdSchema } from "../platform/job-messages";
import { errorFields, log } from "../platform/log";
import type { OutboxJob } from "../platform/outbox";
import { replyWork } from "../replies/internal";
import { modelReviewWork, reviewWork } from "../review/internal";
import type { Allowance, RunningWork, WorkKind, WorkLabels } from "../work/schema";

const KINDS: readonly WorkKind[] = [reviewWork, modelReviewWork, replyWork];

/** Names that stored jobs may still have. */
const FORMER_NAMES: Readonly<Record<string, string>> = { answer: "reply" };

const kindNamed = (name: string) => KINDS.find(({ kind }) => kind === (FORMER_NAMES[name] ?? name));

/**
 * Parses a message of a job queue. Throws INVALID_INPUT for what is no job, and INTERNAL_ERROR, which is retried, for a
 * kind that this code does not know: while new code takes over from old, what the new one asks for meets both.
 */
export function parseJob(body: string): OutboxJob {
  const message = parseMessage(body);
  const work = kindNamed(message.kind);
  if (!work) throw new AppError("INTERNAL_ERROR", "Unknown job kind for this version.");
  try {
    const schema = v.object({ ...work.input.entries, requestId: requestIdSchema });
    return { kind: work.kind, ...v.parse(schema, message) };
  } catch (cause) {
    throw notAJob(cause);
  }
}

const notAJob = (cause: unknown) => new AppError("INVALID_INPUT", "The message is not a job.", { cause });

function parseMessage(body: string): { kind: string } {
  try {
    return v.parse(v.looseObject({ kind: v.pipe(v.string(), v.minLength(1), v.maxLength(200)) }), JSON.parse(body));
  } catch (cause) {
    throw notAJob(cause);
  }
}

/** Carries out a job. Delivered again, it resumes or does nothing. */
export async function performJob({ kind, requestId: _, ...input }: OutboxJob, allowance?: Allowance): Promise<void> {
  await kindNamed(kind)?.perform(input as never, allowance);
}

/** Returns a kind's labels; undefined for a kind that this code does not know. */
export const labelsOf = (kind: string): WorkLabels | undefined => kindNamed(kind)?.labels;

/** Asks again for what lost its worker; returns for how much, by kind. To be called every minute. */
export async function sweepWork(): Promise<Record<string, number>> {
  const swept = await ofEachKind((work) => work.sweep());
  const failed = swept.find(({ result }) => result.status === "rejected");
  if (failed) throw (failed.result as PromiseRejectedResult).reason;
  return Object.fromEntries(swept.map(({ kind, result }) => [kind, (result as PromiseFulfilledResult<number>).value]));
}

/** Releases the work of dead processes at once. A failure is logged: the lease then expires on its own. */
export async function releaseWork(dead: DeadProcesses): Promise<void> {
  for (const { kind, result } of await ofEachKind((work) => work.release(dead))) {
    if (result.status === "rejected") log.error("leases not released", { kind, ...errorFields(result.reason) });
  }
}

/** Gives up what this process is at, so that another continues with it at once: the process is ending. */
export async function handBackWork(): Promise<void> {
  await ofEachKind((work) => work.handBack());
}

/** Resolves once all that this process is at has ended: before a function's instance may freeze. */
export async function settleWork(): Promise<void> {
  await ofEachKind((work) => work.settle());
}

/** Returns the queued and running work of all sessions, for operators. */
export async function listRunningWork(): Promise<(RunningWork & { kind: string })[]> {
  const listed = await Promise.all(
    KINDS.map(async ({ kind, listRunning }) => (await listRunning()).map((each) => ({ ...each, kind }))),
  );
  return listed.flat();
}

/** Each by itself: what one of them can't do must not keep the others from it. */
async function ofEachKind<R>(act: (work: WorkKind) => Promise<R>) {
  const results = await Promise.allSettled(KINDS.map(act));
  return KINDS.map(({ kind }, at) => ({ kind, result: results[at] as PromiseSettledResult<R> }));
}
