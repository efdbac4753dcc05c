import { TASKS } from "@redline/core/ai/schema";
import type { Actor } from "@redline/core/auth/schema";
import { AppError } from "@redline/core/errors";
import { getQuota, listCalls, listDays } from "@redline/core/usage/index";
import { CALL_STATUSES, dayOf, dayStart } from "@redline/core/usage/schema";

const SHOWN_DAYS = 30;

const isOneOf = <T extends string>(all: readonly T[], value: string | null): value is T => all.includes(value as T);

/** Loads the usage page for a URL. An invalid range falls back to the last 30 days, reported in `problem`. */
export async function findUsage(actor: Actor, query: URLSearchParams) {
  const today = dayOf(Date.now());
  const defaultRange = { from: dayOf(dayStart(today, 1 - SHOWN_DAYS)), to: today };
  const requested = { from: query.get("from") || defaultRange.from, to: query.get("to") || defaultRange.to };
  const task = query.get("task");
  const status = query.get("status");
  const cursor = query.get("cursor") ?? undefined;
  const filter = {
    task: isOneOf(TASKS, task) ? task : undefined,
    status: isOneOf(CALL_STATUSES, status) ? status : undefined,
  };
  const { range, days, problem } = await loadDays(actor, requested, defaultRange);
  const [quota, page] = await Promise.all([getQuota(actor, {}), listCalls(actor, { ...range, ...filter, cursor })]);
  return { today, range, problem, filter, quota, days, ...page, isFirst: !cursor };
}

type Range = { from: string; to: string };

async function loadDays(actor: Actor, requested: Range, defaultRange: Range) {
  try {
    return { range: requested, days: await listDays(actor, requested) };
  } catch (error) {
    if (!(error instanceof AppError && error.code === "INVALID_INPUT")) throw error;
    return { range: defaultRange, days: await listDays(actor, defaultRange), problem: error.message };
  }
}
