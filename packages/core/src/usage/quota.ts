import type { Actor } from "../auth/schema";
import { AppError } from "../errors";
import { LIMITS } from "../limits";
import { nowMs } from "../platform/clock";
import { settingsOf } from "../settings/internal";
import { dayStart, type Quota } from "./schema";
import { readCommitted } from "./store";

/** The tokens that a day may have: what the plan gives, or the person's own budget where that is less. */
export async function limitOf(actor: Actor): Promise<number | null> {
  const { dailyTokens: budget } = await settingsOf(actor.userId);
  const plan: number | null = LIMITS.quota.dailyTokens.local;
  if (plan === null || budget === null) return plan ?? budget;
  return Math.min(plan, budget);
}

/** A team's day as it stands now, against the limit of who asks. */
export async function quotaOf(actor: Actor, teamId: string, day: string): Promise<Quota> {
  const [limit, committed] = await Promise.all([limitOf(actor), readCommitted(teamId, day)]);
  const { committedTokens, reservedTokens, unknownTokens } = committed;
  return {
    day,
    ...committed,
    usedTokens: committedTokens - reservedTokens - unknownTokens,
    limit,
    leftTokens: limit === null ? null : Math.max(limit - committedTokens, 0),
    resetsAt: new Date(dayStart(day, 1)).toISOString(),
  };
}

const words = (tokens: number) => tokens.toLocaleString("en");

/** QUOTA_EXCEEDED with the numbers, in words and in `details`. */
export function quotaExceeded(neededTokens: number, quota: Quota & { limit: number }): AppError {
  const { committedTokens, reservedTokens, limit, resetsAt, day } = quota;
  const left = Math.max(limit - committedTokens, 0);
  const message =
    `This may use ${words(neededTokens)} tokens, and ${words(left)} of today's ${words(limit)} are left ` +
    `(${words(committedTokens)} used or reserved). Nothing was spent. ` +
    `The day starts anew at 00:00 UTC, ${inWords(Date.parse(resetsAt) - nowMs())}; a higher daily budget can be set in Settings → Model.`;
  const usedTokens = committedTokens - reservedTokens;
  return new AppError("QUOTA_EXCEEDED", message, {
    details: { day, neededTokens, usedTokens, reservedTokens, leftTokens: left, limitTokens: limit, resetsAt },
  });
}

function inWords(ms: number): string {
  const minutes = Math.max(Math.ceil(ms / 60_000), 1);
  const hours = Math.floor(minutes / 60);
  return hours > 0 ? `in ${hours} h ${minutes % 60} min` : `in ${minutes} min`;
}
