/** Jobs as the operator's page shows them: those under way, and those in a queue's dead letters. */
import type { Actor } from "../auth/schema";
import { AppError } from "../errors";
import { labelsOf, listRunningWork, parseJob } from "../jobs/index";
import { nowSeconds } from "../platform/clock";
import { type DeadLetter, readDeadLetters } from "../platform/dead-letters";
import { hasWorker, queueCounts } from "../platform/queues";
import { getSession } from "../sessions/index";
import type { DeadJob, JobKind, QueueState, RunningJob } from "./schema";

export async function queueState(actor: Actor, name: string): Promise<QueueState> {
  // Counted first: reading the letters makes them invisible for a moment.
  const { jobs, dead } = await queueCounts(name);
  const count = dead.waiting + dead.inFlight;
  const letters = (count > 0 ? await readDeadLetters(name, count) : []).map(deadJob);
  const shown = letters.flatMap(({ job }) => job ?? []);
  await markThere(actor, shown);
  return { name, hasWorker: hasWorker(name), jobs, dead: count, letters };
}

/** Returns the job of a dead letter, without its body, which may be anything. */
function deadJob({ body, ...letter }: DeadLetter): DeadJob {
  try {
    const { kind, sessionId } = parseJob(body);
    return { ...letter, job: { ...describeKind(kind), sessionId: String(sessionId), isThere: false } };
  } catch {
    return { ...letter, job: null };
  }
}

/** Returns the running jobs, the oldest first. */
export async function runningJobs(actor: Actor): Promise<RunningJob[]> {
  const work = await listRunningWork();
  const jobs = work
    .map(({ leaseUntil, kind, ...job }) => ({
      ...{ ...describeKind(kind), ...job, isThere: false, state: stateOf(leaseUntil) },
    }))
    .sort((a, b) => a.since.localeCompare(b.since));
  await markThere(actor, jobs);
  return jobs;
}

const describeKind = (kind: string): JobKind => ({ kind, ...(labelsOf(kind) ?? { name: kind, ifDiscarded: "" }) });

const stateOf = (leaseUntil: number | null): RunningJob["state"] => {
  if (leaseUntil === null) return "waiting";
  return leaseUntil < nowSeconds() ? "stalled" : "running";
};

/** Marks jobs whose session the actor can open. Each session is loaded once. */
async function markThere(actor: Actor, jobs: { sessionId: string; isThere: boolean }[]): Promise<void> {
  const ids = [...new Set(jobs.map(({ sessionId }) => sessionId))];
  const there = new Set<string>();
  await Promise.all(ids.map(async (id) => (await canOpen(actor, id)) && there.add(id)));
  for (const job of jobs) job.isThere = there.has(job.sessionId);
}

async function canOpen(actor: Actor, id: string): Promise<boolean> {
  try {
    await getSession(actor, { id });
    return true;
  } catch (error) {
    // Invalid ids, deleted sessions and those of other teams can't be opened.
    if (error instanceof AppError && error.status < 500) return false;
    throw error;
  }
}
