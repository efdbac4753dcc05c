import type { Actor } from "../auth/schema";
import { AppError } from "../errors";
import { LIMITS } from "../limits";
import { nowMs } from "../platform/clock";
import { settingsOf } from "../settings/internal";
import { readCommitted } from "./day-items";
import { dayStart, type Quota } from "./schema";

/** Returns the actor's daily token limit: the plan's, or their own budget where that is lower; null without either. */
export async function readDailyLimit(actor: Actor): Promise<number | null> {
  const { dailyTokens: budget } = await settingsOf(actor.userId);
  const plan: number | null = LIMITS.quota.dailyTokens.local;
  if (plan === null || budget === null) return plan ?? budget;
  return Math.min(plan, budget);
}

/** Returns a team's usage of a day against the actor's limit. */
export async function readQuota(actor: Actor, teamId: string, day: string): Promise<Quota> {
  const [limit, committed] = await Promise.all([readDailyLimit(actor), readCommitted(teamId, day)]);
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

const formatTokens = (tokens: number) => tokens.toLocaleString("en");

/** Returns a QUOTA_EXCEEDED error with the numbers, in words and in `details`. */
export function quotaExceeded(neededTokens: number, quota: Quota & { limit: number }): AppError {
  const { committedTokens, reservedTokens, limit, resetsAt, day } = quota;
  const left = Math.max(limit - committedTokens, 0);
  const message =
    `This may use ${formatTokens(neededTokens)} tokens, and ${formatTokens(left)} of today's ${formatTokens(limit)} are left ` +
    `(${formatTokens(committedTokens)} used or reserved). Nothing was spent. ` +
    `The budget resets at 00:00 UTC, ${formatDuration(Date.parse(resetsAt) - nowMs())}. You can raise the daily budget in Settings → Model.`;
  const usedTokens = committedTokens - reservedTokens;
  return new AppError("QUOTA_EXCEEDED", message, {
    details: { day, neededTokens, usedTokens, reservedTokens, leftTokens: left, limitTokens: limit, resetsAt },
  });
}

function formatDuration(ms: number): string {
  const minutes = Math.max(Math.ceil(ms / 60_000), 1);
  const hours = Math.floor(minutes / 60);
  return hours > 0 ? `in ${hours} h ${minutes % 60} min` : `in ${minutes} min`;
}
