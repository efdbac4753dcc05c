import * as v from "valibot";
import type { Task, TokenUsage } from "../ai/schema";

/** The subject of a model call. */
export type CallAbout =
  | { kind: "message"; sessionId: string; threadId: string; number: number }
  | { kind: "review"; sessionId: string; reviewId: string; path?: string }
  | { kind: "change"; sessionId: string; changeId: string }
  | { kind: "test" };

/** `reserved` while in flight; `unknown` when it was never settled: then the reservation stays. */
export const CALL_STATUSES = ["reserved", "done", "failed", "cancelled", "truncated", "unknown"] as const;
export type CallStatus = (typeof CALL_STATUSES)[number];

/** A ledger row: one model call. */
export type Call = TokenUsage & {
  id: string;
  teamId: string;
  userId: string;
  task: Task;
  about: CallAbout;
  promptVersion: string;
  /** The configured model; once settled, the one that responded. */
  model: string;
  status: CallStatus;
  reservedTokens: number;
  /** Millionths of a dollar; null where no price is configured. */
  costMicroUsd: number | null;
  startedAt: string;
  /** The id of the request or job that made it, as in the log. */
  requestId?: string;
  firstTokenMs?: number;
  totalMs?: number;
};

/**
 * A team's tokens of one day (UTC). `committedTokens` counts against the limit: used by calls that ended, reserved by
 * calls in progress, and `unknownTokens` reserved by calls without an outcome. `limit` is null without a configured
 * limit, and `leftTokens` with it.
 */
export type Quota = {
  day: string;
  committedTokens: number;
  usedTokens: number;
  reservedTokens: number;
  unknownTokens: number;
  limit: number | null;
  leftTokens: number | null;
  resetsAt: string;
};

/** One day's calls of one task. A call counts on the day it was started, and once it ended. */
export type DayUsage = {
  day: string;
  task: Task;
  calls: number;
  inputTokens: number;
  outputTokens: number;
  cachedTokens: number;
  costMicroUsd: number;
  /** Calls that used tokens and had no configured price. */
  unpriced: number;
  /** The number of unsettled calls: their usage is unknown and not in the sums. */
  unknown: number;
};

/** One day's calls of one model, in every state. `unpriced` used tokens and have no configured price. */
export type ModelDay = {
  model: string;
  calls: number;
  failed: number;
  underWay: number;
  unknown: number;
  tokens: number;
  costMicroUsd: number;
  unpriced: number;
};

const CALENDAR_DAY = /^\d{4}-\d{2}-\d{2}$/;

/** A day (UTC) as `2026-01-31`. */
export const daySchema = v.pipe(
  v.string(),
  v.regex(CALENDAR_DAY, "A day is written like 2026-01-31."),
  v.check((day) => isDay(day), "That day is not in the calendar."),
);

const isDay = (day: string) => {
  const time = Date.parse(`${day}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(day);
};

export const dayOf = (timeMs: number): string => new Date(timeMs).toISOString().slice(0, 10);

/** Returns the start (epoch ms) of a day (UTC), or of the day `days` later. */
export const dayStart = (day: string, days = 0): number => Date.parse(`${day}T00:00:00Z`) + days * 86_400_000;
