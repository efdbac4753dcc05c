/** A server's memory of the prompts that it has read: what a later one begins with as well is not read again. */
import type { Call, PromptPart, Protocol } from "./script";
import { tokensOf } from "./script";

export type PrefixCacheOptions = {
  /** Only so much is read in a second; else at once. What a caller who left had read by then is kept. */
  charsPerSecond?: number;
};

/** As Bedrock documents them for most models. */
const MIN_POINT_TOKENS = 1_024;
const MAX_POINTS = 4;
/** Before each point, the ends of so many blocks are looked at for what was kept earlier. */
const LOOKED_BACK = 20;

export class PrefixCache {
  /** Prefixes that were read, by the protocol's own rules: of Bedrock's only up to its points. */
  private readonly read: Record<Protocol, string[]> = { openai: [], bedrock: [] };

  constructor(readonly options: PrefixCacheOptions) {}

  /** Returns the problem with a request's cache points. */
  refusalOf(parts: readonly PromptPart[]): string | undefined {
    const points = parts.filter(({ isCachePoint }) => isCachePoint).length;
    return points > MAX_POINTS
      ? `You have exceeded the maximum number of cache points: ${points} of ${MAX_POINTS}.`
      : undefined;
  }

  /** Counts a prompt's tokens in the cache, and reads it: all of it at the end of the wait, a part when the caller leaves. */
  async take(call: Call, parts: readonly PromptPart[], wait: (ms: number) => Promise<void>): Promise<void> {
    const prompt = parts.map(({ text }) => text).join("");
    const cached = this.cachedChars(call.protocol, prompt, parts);
    call.spent.inputTokens = tokensOf(prompt);
    call.spent.cachedTokens = Math.floor(cached / 4);
    const { charsPerSecond } = this.options;
    const startedAt = performance.now();
    try {
      if (charsPerSecond) await wait(((prompt.length - cached) / charsPerSecond) * 1_000);
    } catch (error) {
      const chars = cached + ((performance.now() - startedAt) / 1_000) * (charsPerSecond ?? 0);
      if (call.protocol === "openai") this.keep("openai", prompt.slice(0, Math.floor(chars)));
      throw error;
    }
    if (call.protocol === "openai") return this.keep("openai", prompt);
    const ends = pointsIn(parts);
    for (const end of ends) this.keep("bedrock", prompt.slice(0, end));
    const last = ends.at(-1) ?? 0;
    call.spent.cacheWriteTokens = Math.max(0, Math.floor(last / 4) - call.spent.cachedTokens);
  }

  private cachedChars(protocol: Protocol, prompt: string, parts: readonly PromptPart[]): number {
    if (protocol === "openai") return Math.max(0, ...this.read.openai.map((each) => commonChars(each, prompt)));
    const ends = partEnds(parts);
    const looked = pointsIn(parts).flatMap((point) => ends.filter((end) => end <= point).slice(-LOOKED_BACK));
    return Math.max(0, ...looked.filter((end) => this.read.bedrock.includes(prompt.slice(0, end))));
  }

  private keep(protocol: Protocol, prompt: string): void {
    if (!this.read[protocol].includes(prompt)) this.read[protocol].push(prompt);
  }
}

function partEnds(parts: readonly PromptPart[]): number[] {
  let end = 0;
  return parts.map(({ text }) => {
    end += text.length;
    return end;
  });
}

/** Returns the positions of cache points, in characters; those with too little before them do not count. */
function pointsIn(parts: readonly PromptPart[]): number[] {
  const ends = partEnds(parts);
  return parts.flatMap(({ isCachePoint }, index) => {
    const end = ends[index] as number;
    return isCachePoint && tokensOf("x".repeat(end)) >= MIN_POINT_TOKENS ? [end] : [];
  });
}

function commonChars(a: string, b: string): number {
  const most = Math.min(a.length, b.length);
  for (let at = 0; at < most; at++) if (a.charCodeAt(at) !== b.charCodeAt(at)) return at;
  return most;
}
