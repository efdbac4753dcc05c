/** Reads the model's context size out of a server's refusal of a request that is too long. */

/** `contextTokens` is what the model holds, input and output together; `inputTokens` what the server counted. */
export type ContextRefusal = { contextTokens?: number; inputTokens?: number };

const COUNT = String.raw`(\d[\d,_]*)`;

/** Patterns of the servers' refusals, the more exact first. */
const CONTEXT = [
  /\d \+ \d[\d,]* > N\b/,
  /\bn_ctx["']?\s*[:=]\s*N\b/,
  /context (?:length|size|window|limit)[^.\d]{0,40}?\(?N/,
  /N(?: tokens)?,? ?(?:maximum )?(?:context (?:length|size|window|limit)|maximum\b)/,
  /inputs? tokens? exceeds? the configured limit of N/,
  /maximum number of tokens allowed \(?N/,
  /max_new_tokens`? must be <= N/,
  /must have less than N tokens/,
  /\d tokens > N\b/,
  /\(\d[\d,]* ?> ?N\b/,
  /maximum[^.\d]{0,40}?N tokens/,
  /limit(?:ed)? (?:of|to)[^.\d]{0,20}?N tokens/,
].map(withCount);

const INPUT = [
  /: N \+ \d[\d,]* > \d/,
  /\bn_prompt_tokens["']?\s*[:=]\s*N\b/,
  /request \(N tokens\)/,
  /\(N (?:in the messages|of text input|of input)/,
  /N (?:tokens )?in the messages/,
  /messages resulted in N tokens/,
  /(?:prompt|request|input)[^.\d]{0,30}?\b(?:contains|has|is|of|with)\b[^.\d]{0,30}?N (?:input |prompt )?tokens/,
  /(?:prompt|input)(?: is)? too long: N tokens/,
  /input \(N tokens\)/,
  /input token count \(N\)/,
  /given: N `?(?:inputs|tokens)?/,
  /first N tokens/,
].map(withCount);

function withCount(pattern: RegExp): RegExp {
  return new RegExp(pattern.source.replace("N", COUNT), "i");
}

/** Returns whether a server's message says that the input is longer than the model's context. */
export const saysTooLong = (said: string): boolean =>
  /too long|context.{0,10}(length|window|size|limit)|maximum.{0,40}tokens|exceed.{0,40}tokens|too many (input )?tokens|tokens?\b.{0,40}must (be <=|have less)/i.test(
    said,
  );

/** Reads the numbers out of a refusal's words, which may be its whole body. What it does not say is left out. */
export function readContextRefusal(said: string): ContextRefusal {
  const contextTokens = firstCount(CONTEXT, said);
  const inputTokens = firstCount(INPUT, said);
  return {
    ...(contextTokens !== undefined && { contextTokens }),
    ...(inputTokens !== undefined && inputTokens !== contextTokens && { inputTokens }),
  };
}

/** Nothing that reviews code holds less, and no number of a sentence beyond this is a context. */
const [LEAST, MOST] = [256, 100_000_000];

function firstCount(patterns: readonly RegExp[], said: string): number | undefined {
  for (const pattern of patterns) {
    const count = Number(pattern.exec(said)?.[1]?.replace(/[,_]/g, ""));
    if (count >= LEAST && count <= MOST) return count;
  }
  return undefined;
}
