/** The operator's face: what runs, what waits, what failed for good, and what the models cost today. */
import * as v from "valibot";
import { requireOperator } from "../auth/index";
import { nowSeconds } from "../platform/clock";
import { health } from "../platform/health";
import { jobIn } from "../platform/jobs";
import { errorFields, log } from "../platform/log";
import { operation } from "../platform/operation";
import {
  type DeadLetter,
  QUEUE_NAMES,
  type QueueName,
  queueCounts,
  readDeadLetters,
  redriveLetters,
} from "../platform/queues";
import { listRunningReviews } from "../review/index";
import { listAnswersUnderWay } from "../threads/index";
import { modelsToday } from "../usage/index";
import type { DeadJob, Overview, QueueState, RunningJob } from "./schema";

/** Everything on the operator's page. Throws NOT_FOUND for anyone but the operator. */
export const getOverview = operation("ops.overview", v.object({}), async (actor): Promise<Overview> => {
  requireOperator(actor);
  const [stands, queues, jobs, spending] = await Promise.all([
    health(),
    orNull("queues", Promise.all(QUEUE_NAMES.map(queueState))),
    orNull("jobs", runningJobs()),
    orNull("spending", modelsToday(actor.personalTeamId)),
  ]);
  return { health: stands, queues, jobs, spending };
});

/** Puts a queue's dead letters back on it, or the one that is named; `moved` says how many. Doing it again is safe. */
export const redrive = operation(
  "ops.redrive",
  v.object({
    queue: v.picklist(QUEUE_NAMES, "There is no such queue."),
    letter: v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(200))),
  }),
  async (actor, { queue, letter }): Promise<{ moved: number }> => {
    requireOperator(actor);
    const moved = await redriveLetters(queue, letter);
    log.info("redriven", { queue, moved, userId: actor.userId });
    return { moved };
  },
);

async function orNull<T>(part: string, read: Promise<T>): Promise<T | null> {
  try {
    return await read;
  } catch (error) {
    log.error("part of the overview failed", { part, ...errorFields(error) });
    return null;
  }
}

async function queueState(name: QueueName): Promise<QueueState> {
  // Counted first: reading the letters holds them for a moment.
  const { jobs, dead } = await queueCounts(name);
  const count = dead.waiting + dead.inFlight;
  const letters = count > 0 ? await readDeadLetters(name) : [];
  return { name, jobs, dead: count, letters: letters.map(deadJob) };
}

/** What a message asked for, without its body: that may be anything. */
function deadJob({ body, ...letter }: DeadLetter): DeadJob {
  try {
    const { kind, sessionId } = jobIn(body);
    return { ...letter, job: { kind, sessionId } };
  } catch {
    return { ...letter, job: null };
  }
}

async function runningJobs(): Promise<RunningJob[]> {
  const [reviews, answers] = await Promise.all([listRunningReviews(), listAnswersUnderWay()]);
  const work = [
    ...reviews,
    ...answers.map(({ threadId, ...each }) => ({ ...each, kind: "answer" as const, id: threadId })),
  ];
  return work
    .map(({ leaseUntil, ...job }) => ({ ...job, state: stateOf(leaseUntil) }))
    .sort((a, b) => a.since.localeCompare(b.since));
}

const stateOf = (leaseUntil: number | null): RunningJob["state"] => {
  if (leaseUntil === null) return "waiting";
  return leaseUntil < nowSeconds() ? "stalled" : "running";
};
