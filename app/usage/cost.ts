import type { TokenUsage } from "@redline/core/ai/schema";

/** Formats millionths of a dollar with at least two decimals, more for small amounts. */
export function formatCost(microUsd: number | null): string {
  if (microUsd === null) return "not priced";
  const dollars = microUsd / 1_000_000;
  if (dollars === 0) return "$0";
  const decimals = Math.max(2, Math.ceil(-Math.log10(dollars)) + 1);
  const shown = dollars.toLocaleString("en", { minimumFractionDigits: 2, maximumFractionDigits: decimals });
  return `$${shown}`;
}

export const formatCount = (count: number): string => count.toLocaleString("en");

/** A duration from under a second to hours: `80 ms`, `4.2 s`, `2 min 5 s`. */
export function formatDuration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 59_950) return `${(ms / 1_000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1_000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

type Costs = { usage: TokenUsage; costMicroUsd: number | null; firstTokenMs?: number; totalMs: number };

/** Returns a reply's cost in one line: tokens, price, time to first token and total time. */
export function describeCost({ usage, costMicroUsd, firstTokenMs, totalMs }: Costs): string {
  const { inputTokens, outputTokens, cachedTokens, estimated } = usage;
  const cached = cachedTokens > 0 ? ` (${formatCount(cachedTokens)} cached)` : "";
  const parts = [
    `${estimated ? "about " : ""}${formatCount(inputTokens)} tokens in${cached}, ${formatCount(outputTokens)} out`,
    formatCost(costMicroUsd),
    ...(firstTokenMs === undefined ? [] : [`first token after ${formatDuration(firstTokenMs)}`]),
    `${formatDuration(totalMs)} total`,
  ];
  return parts.join(" · ");
}
