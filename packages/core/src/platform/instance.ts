/**
 * Returns the id of this process, which its leases carry so that the launcher can release those of a process that died.
 * Undefined on AWS, where a process's death can't be known and a lease only expires.
 */
export const instanceId = (): string | undefined => process.env.REDLINE_INSTANCE || undefined;

/** Processes that are known to be dead: one of a laptop's, or every one that ever worked on its data folder. */
export type DeadProcesses = { instance: string } | "all";

/** Returns whether a lease was taken by one of the dead; a lease without a holder was taken by code from before there were any. */
export const isHeldBy = (holder: string | undefined, dead: DeadProcesses): boolean =>
  dead === "all" || holder === dead.instance;
