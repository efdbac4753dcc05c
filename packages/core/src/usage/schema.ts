import type { Task, TokenUsage } from "../ai/schema";

/** What a model call was for. */
export type CallAbout =
  | { kind: "message"; sessionId: string; threadId: string; number: number }
  | { kind: "review"; sessionId: string; reviewId: string; path?: string }
  | { kind: "change"; sessionId: string; changeId: string }
  | { kind: "test" };

/** `reserved` while under way; `unknown` when nobody settled it: then the reservation stands. */
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
  /** As configured; the one that answered, once settled. */
  model: string;
  status: CallStatus;
  reservedTokens: number;
  /** Millionths of a dollar; null where no price is configured. */
  costMicroUsd: number | null;
  startedAt: string;
  firstTokenMs?: number;
  totalMs?: number;
};

/** A team's tokens of one day (UTC). `limit` is null where nobody set one. */
export type Quota = { day: string; committedTokens: number; limit: number | null };

/** One day's calls of one task. */
export type DayUsage = {
  day: string;
  task: Task;
  calls: number;
  inputTokens: number;
  outputTokens: number;
  cachedTokens: number;
  costMicroUsd: number;
  /** Calls without a configured price. */
  unpriced: number;
};
