/** Operations on the stage as a whole: system status, queues, failed jobs and model spend. */
import * as v from "valibot";
import { authorize, resolveTeam } from "../access/index";
import type { Actor } from "../auth/schema";
import { nowMs } from "../platform/clock";
import { readMeasures } from "../platform/cloudwatch-metrics";
import { discardLetters, redriveLetters, type Settled, type Which } from "../platform/dead-letters";
import { health } from "../platform/health";
import { errorFields, log } from "../platform/log";
import { operation } from "../platform/operation";
import { queueNames } from "../platform/queues";
import { CODE, dataVersions } from "../platform/schema-version";
import { modelsToday } from "../usage/internal";
import { queueState, runningJobs } from "./jobs";
import type { Overview } from "./schema";

/** Returns everything on the operator's page. Throws NOT_FOUND for anyone but the operator. */
export const getOverview = operation(
  "ops.overview",
  "stage.operate",
  v.object({}),
  async (actor): Promise<Overview> => {
    authorize(actor, "stage.operate", "stage");
    const readAt = nowMs();
    const [stands, data, measures, queues, jobs, spending] = await Promise.all([
      health(),
      orNull("data", async () => ({ stored: await dataVersions(), code: CODE })),
      orNull("measures", readMeasures),
      orNull("queues", () => Promise.all(queueNames().map((name) => queueState(actor, name)))),
      orNull("jobs", () => runningJobs(actor)),
      orNull("spending", () => modelsToday(resolveTeam(actor))),
    ]);
    return { health: stands, readAt, data, measures, queues, jobs, spending };
  },
);

const queue = v.pipe(
  v.string(),
  v.check((name) => queueNames().includes(name), "There is no such queue."),
);
const letter = v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(200)));
const before = v.pipe(v.number(), v.integer(), v.minValue(0));

/**
 * Redrives a queue's dead letters: all that were there at `before` (epoch ms, now when absent), or the one that is
 * named. `moved` counts them; where `isDone` is false, there are more than one call can move, and calling again with
 * the same `before` continues. Idempotent.
 */
export const redrive = operation(
  "ops.redrive",
  "stage.operate",
  v.object({ queue, letter, before: v.optional(before) }),
  async (actor, { queue: name, before: given, ...which }): Promise<Settled & { before: number }> => {
    const until = given ?? nowMs();
    return {
      ...(await settleLetters("redriven", actor, name, { ...which, before: until }, redriveLetters)),
      before: until,
    };
  },
);

/** Deletes a queue's dead letters permanently, selected as by `redrive`. Their jobs are never run. */
export const discard = operation(
  "ops.discard",
  "stage.operate",
  v.object({ queue, letter, before }),
  (actor, { queue: name, ...which }): Promise<Settled> =>
    settleLetters("discarded", actor, name, which, discardLetters),
);

async function settleLetters(
  what: string,
  actor: Actor,
  name: string,
  which: Which,
  settle: (name: string, which: Which) => Promise<Settled>,
): Promise<Settled> {
  authorize(actor, "stage.operate", "stage");
  const done = await settle(name, which);
  log.info(what, { queue: name, letter: which.letter, ...done, userId: actor.userId });
  return done;
}

async function orNull<T>(part: string, read: () => Promise<T>): Promise<T | null> {
  try {
    return await read();
  } catch (error) {
    log.error("part of the overview failed", { part, ...errorFields(error) });
    return null;
  }
}
