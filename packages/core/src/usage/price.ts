import type { Price, TokenUsage } from "../ai/schema";

/**
 * Returns what tokens cost in millionths of a dollar, which is what a token costs where a million of them cost dollars.
 * Input that was read from a cache or written to it has prices of its own where they are configured. Null without a price.
 */
export function costOf(usage: TokenUsage, price: Price | undefined): number | null {
  if (!price) return null;
  const cached = Math.min(usage.cachedTokens, usage.inputTokens);
  const written = Math.min(usage.cacheWriteTokens ?? 0, usage.inputTokens - cached);
  const input =
    (usage.inputTokens - cached - written) * price.input +
    cached * (price.cachedInput ?? price.input) +
    written * (price.cacheWrite ?? price.input);
  return Math.round(input + usage.outputTokens * price.output);
}
