import { contextTokensOf, type KnownFacts } from "./model-facts";
import { lookAtServer } from "./openai-probe";
import type { ModelRoute, StopReason, TokenUsage } from "./schema";

/** An answer can't be continued with less room than this. */
const MIN_ROOM_TOKENS = 256;

/**
 * Why an answer that came to its length did: because that was as long as it might be, or because the model holds no more,
 * so that there is no room to continue it in.
 */
export async function lengthReason(
  route: ModelRoute,
  { inputTokens, outputTokens }: TokenUsage,
  facts: KnownFacts,
  signal: AbortSignal,
): Promise<StopReason> {
  await lookAtServer(route, signal);
  const contextTokens = contextTokensOf(route, await facts.of(route));
  return inputTokens + outputTokens + MIN_ROOM_TOKENS > contextTokens ? "contextFull" : "length";
}
