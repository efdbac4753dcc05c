/** Sums up the attempts at one reply. */
import { addUsage } from "../ai/internal";
import type { Proposal, Reply } from "../threads/schema";

/** Returns the proposals of earlier attempts and of this one, each once. */
export function mergeProposals(before: readonly Proposal[], now: readonly Proposal[]): Proposal[] {
  const known = new Set(before.map((each) => JSON.stringify(each)));
  return [...before, ...now.filter((each) => !known.has(JSON.stringify(each)))];
}

export type UsageAndCost = Pick<Reply, "usage" | "costMicroUsd">;

/** Adds up the tokens and the cost of earlier attempts and of this one. */
export function addUsageAndCost(before: UsageAndCost, now: UsageAndCost): UsageAndCost {
  const costMicroUsd = addCost(before.costMicroUsd, now.costMicroUsd);
  if (!before.usage || !now.usage) return { usage: now.usage ?? before.usage, costMicroUsd };
  return { usage: addUsage(before.usage, now.usage), costMicroUsd };
}

/** Null, which is unknown, when a part of it is; undefined when there was no call. */
function addCost(a: number | null | undefined, b: number | null | undefined): number | null | undefined {
  if (a === undefined || b === undefined) return a === undefined ? b : a;
  return a === null || b === null ? null : a + b;
}
