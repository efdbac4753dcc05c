import type { Task } from "@redline/core/ai/schema";
import { type DayUsage, dayOf, dayStart } from "@redline/core/usage/schema";

export type Sums = Omit<DayUsage, "day" | "task">;

const NOTHING: Sums = {
  calls: 0,
  inputTokens: 0,
  outputTokens: 0,
  cachedTokens: 0,
  costMicroUsd: 0,
  unpriced: 0,
  unknown: 0,
};

export function sumOf(rows: readonly Sums[]): Sums {
  const sums = { ...NOTHING };
  for (const row of rows) for (const name of Object.keys(NOTHING) as (keyof Sums)[]) sums[name] += row[name];
  return sums;
}

/** Returns one row per day of a range, including days without calls. */
export function byDay(rows: readonly DayUsage[], from: string, to: string): (Sums & { day: string })[] {
  const days: (Sums & { day: string })[] = [];
  for (let at = dayStart(from); at <= dayStart(to); at = dayStart(dayOf(at), 1)) {
    const day = dayOf(at);
    days.push({ day, ...sumOf(rows.filter((row) => row.day === day)) });
  }
  return days;
}

/** Sums usage by task, most tokens first. */
export function byTask(rows: readonly DayUsage[]): (Sums & { task: Task })[] {
  const tasks = [...new Set(rows.map((row) => row.task))];
  return tasks
    .map((task) => ({ task, ...sumOf(rows.filter((row) => row.task === task)) }))
    .sort((a, b) => tokensOf(b) - tokensOf(a));
}

export const tokensOf = ({ inputTokens, outputTokens }: Pick<Sums, "inputTokens" | "outputTokens">): number =>
  inputTokens + outputTokens;
