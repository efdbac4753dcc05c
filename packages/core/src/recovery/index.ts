/** Resumes work immediately when its processes are known to be dead, as after a crash on the laptop. */
import { releaseWork } from "../jobs/index";
import type { DeadProcesses } from "../platform/instance";
import { errorFields, log } from "../platform/log";
import { migrateData, releaseMigration } from "../platform/migrations";
import { sweepUnsettledCalls } from "../usage/internal";

/**
 * Releases the leases of dead processes, so that their work is requeued and their replies end as *interrupted*. For
 * *all* processes, unsettled model calls are settled too. Never throws: a failure is logged, and the lease then expires
 * as on AWS.
 */
export async function releaseLeases(dead: DeadProcesses): Promise<void> {
  const work: Promise<unknown>[] = [releaseWork(dead)];
  if (dead === "all") work.push(sweepUnsettledCalls(0));
  for (const result of await Promise.allSettled(work)) {
    if (result.status === "rejected") log.error("leases not released", errorFields(result.reason));
  }
}

/**
 * Migrates stored data to this code's version before any process works on it. Releases the lease of a migration first,
 * as every process that could hold it is dead. Throws what a migration throws.
 */
export async function migrateAtStart(): Promise<void> {
  await releaseMigration();
  await migrateData(Number.POSITIVE_INFINITY);
}
