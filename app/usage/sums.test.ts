import type { DayUsage } from "@redline/core/usage/schema";
import { describe, expect, it } from "vitest";
import { byDay, byTask, sumOf } from "./sums";

const row = (day: string, task: DayUsage["task"], inputTokens: number): DayUsage => ({
  ...{ day, task, calls: 1, inputTokens, outputTokens: 1, cachedTokens: 0, costMicroUsd: 5, unpriced: 0, unknown: 0 },
});

const rows = [row("2026-03-28", "reply", 10), row("2026-03-28", "review", 300), row("2026-03-30", "reply", 20)];

describe("what was used", () => {
  it("has every day of the range, also over a night that changes the clocks and a leap day", () => {
    expect(byDay(rows, "2026-03-27", "2026-03-30").map(({ day, inputTokens }) => [day, inputTokens])).toEqual([
      ["2026-03-27", 0],
      ["2026-03-28", 310],
      ["2026-03-29", 0],
      ["2026-03-30", 20],
    ]);
    expect(byDay([], "2028-02-28", "2028-03-01").map(({ day }) => day)).toContain("2028-02-29");
  });

  it("is summed by purpose, the most first", () => {
    expect(byTask(rows).map(({ task, calls, inputTokens }) => [task, calls, inputTokens])).toEqual([
      ["review", 1, 300],
      ["reply", 2, 30],
    ]);
  });

  it("is the same in all, whichever way it is summed", () => {
    const all = sumOf(rows);
    expect(sumOf(byTask(rows))).toEqual(all);
    expect(sumOf(byDay(rows, "2026-03-01", "2026-03-31"))).toEqual(all);
  });
});
