/** What the attempts at one answer add up to. */
import { addUsage } from "../ai/internal";
import type { Answer, Proposal } from "./schema";

/** Proposals of earlier attempts and of this one, each once. */
export function together(before: Proposal[], now: Proposal[]): Proposal[] {
  const known = new Set(before.map((each) => JSON.stringify(each)));
  return [...before, ...now.filter((each) => !known.has(JSON.stringify(each)))];
}

export type Spent = Pick<Answer, "usage" | "costMicroUsd">;

/** Tokens and cost of earlier attempts and of this one. */
export function spentWith(before: Spent, now: Spent): Spent {
  if (!before.usage || !now.usage) return { usage: now.usage ?? before.usage, costMicroUsd: costOf(before, now) };
  return { usage: addUsage(before.usage, now.usage), costMicroUsd: costOf(before, now) };
}

/** Unknown when a part of it is; undefined when there was no call. */
function costOf({ costMicroUsd: a }: Spent, { costMicroUsd: b }: Spent): number | null | undefined {
  if (a === undefined || b === undefined) return a === undefined ? b : a;
  return a === null || b === null ? null : a + b;
}
