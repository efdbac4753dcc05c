import type { Price, TokenUsage } from "../ai/schema";

/**
 * What tokens cost in millionths of a dollar, which is what a token costs where a million of them cost dollars.
 * Cached input has a price of its own where one is configured. Null without a price.
 */
export function costOf(usage: TokenUsage, price: Price | undefined): number | null {
  if (!price) return null;
  const cached = Math.min(usage.cachedTokens, usage.inputTokens);
  const input = (usage.inputTokens - cached) * price.input + cached * (price.cachedInput ?? price.input);
  return Math.round(input + usage.outputTokens * price.output);
}
