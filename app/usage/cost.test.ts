import { describe, expect, it } from "vitest";
import { describeCost, formatCost, formatDuration } from "./cost";

describe("a cost", () => {
  it.each([
    [null, "not priced"],
    [0, "$0"],
    [1, "$0.000001"],
    [4_200, "$0.0042"],
    [4_000, "$0.004"],
    [42_499, "$0.042"],
    [420_000, "$0.42"],
    [999_999, "$1.00"],
    [4_200_000, "$4.20"],
    [1_234_500_000, "$1,234.50"],
  ])("of %s millionths reads %s", (microUsd, shown) => {
    expect(formatCost(microUsd)).toBe(shown);
  });

  it("of a reply is one line, with estimates marked", () => {
    const usage = { inputTokens: 12_345, outputTokens: 200, cachedTokens: 400, estimated: false };
    expect(describeCost({ usage, costMicroUsd: 4_200, firstTokenMs: 412, totalMs: 3_210 })).toBe(
      "12,345 tokens in (400 cached), 200 out · $0.0042 · first token after 412 ms · 3.2 s total",
    );
    const guessed = { ...usage, cachedTokens: 0, estimated: true };
    expect(describeCost({ usage: guessed, costMicroUsd: null, totalMs: 125_000 })).toBe(
      "about 12,345 tokens in, 200 out · not priced · 2 min 5 s total",
    );
  });

  it.each([
    [0, "0 ms"],
    [999, "999 ms"],
    [4_200, "4.2 s"],
    [61_000, "1 min 1 s"],
  ])("took %s ms, which reads %s", (ms, shown) => {
    expect(formatDuration(ms)).toBe(shown);
  });
});
