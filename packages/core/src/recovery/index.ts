/** Resumes work at once when the processes that held it are known to be dead, as the laptop's launcher knows. */
import { releaseWork } from "../jobs/index";
import type { DeadProcesses } from "../platform/instance";
import { errorFields, log } from "../platform/log";
import { migrateData, releaseMigration } from "../platform/migrations";
import { sweepUnsettledCalls } from "../usage/internal";

/**
 * Releases the leases of dead processes: their work is requeued, replies end as *interrupted*. For *all* processes,
 * calls of models without an outcome are settled, too. A failure is logged, and its lease expires as on AWS.
 */
export async function releaseLeases(dead: DeadProcesses): Promise<void> {
  const work: Promise<unknown>[] = [releaseWork(dead)];
  if (dead === "all") work.push(sweepUnsettledCalls(0));
  for (const result of await Promise.allSettled(work)) {
    if (result.status === "rejected") log.error("leases not released", errorFields(result.reason));
  }
}

/** Brings the data to this code's version, before anything works on it: no process that did is alive. */
export async function migrateAtStart(): Promise<void> {
  await releaseMigration();
  await migrateData(Number.POSITIVE_INFINITY);
}
