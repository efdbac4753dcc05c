import type { AdapterEvent } from "./port";
import type { TokenUsage } from "./schema";

/** Fewest characters per output token: models mostly write code, whose tokens are short. */
const OUTPUT_CHARS_PER_TOKEN = 2.5;

const nothing = (): TokenUsage => ({ inputTokens: 0, outputTokens: 0, cachedTokens: 0, estimated: false });

export const addUsage = (a: TokenUsage, b: TokenUsage): TokenUsage => ({
  inputTokens: a.inputTokens + b.inputTokens,
  outputTokens: a.outputTokens + b.outputTokens,
  cachedTokens: a.cachedTokens + b.cachedTokens,
  ...addCacheWrites(a, b),
  estimated: a.estimated || b.estimated,
});

const addCacheWrites = (a: TokenUsage, b: TokenUsage): Pick<TokenUsage, "cacheWriteTokens"> =>
  a.cacheWriteTokens === undefined && b.cacheWriteTokens === undefined
    ? {}
    : { cacheWriteTokens: (a.cacheWriteTokens ?? 0) + (b.cacheWriteTokens ?? 0) };

/**
 * Tracks the usage of one model's calls for one answer, failed ones included: as its server reports it, else estimated
 * from the input and output. A call that reached no model used nothing.
 */
export class UsageTracker {
  usage = nothing();
  /** Until the first words or call of a tool. */
  firstTokenMs?: number;
  private readonly startedAt = performance.now();
  private current: { chars: number; said?: TokenUsage } | undefined;

  constructor(private readonly inputTokens: number) {}

  get totalMs(): number {
    return Math.round(performance.now() - this.startedAt);
  }

  /** The estimated usage of the current call. */
  get estimatedSoFar(): TokenUsage {
    if (!this.current) return nothing();
    const { chars, said } = this.current;
    const outputTokens = Math.ceil(chars / OUTPUT_CHARS_PER_TOKEN);
    return said ?? { inputTokens: this.inputTokens, outputTokens, cachedTokens: 0, estimated: true };
  }

  /** True once the model's server reported the usage of the current call. */
  get hasReportedUsage(): boolean {
    return this.current?.said !== undefined;
  }

  /** True once the current call produced any output. */
  get hasHeard(): boolean {
    return this.hasReportedUsage || (this.current?.chars ?? 0) > 0;
  }

  begin(): void {
    this.current = { chars: 0 };
  }

  heard(event: AdapterEvent): void {
    if (!this.current) return;
    if (event.type === "text") this.current.chars += event.text.length;
    if (event.type === "progress") this.current.chars += event.chars;
    if (event.type === "usage") this.current.said = event.usage;
    if (event.type === "text" || event.type === "toolCall") {
      this.firstTokenMs ??= Math.round(performance.now() - this.startedAt);
    }
  }

  neverReached(): void {
    this.current = undefined;
  }

  end(): void {
    this.usage = addUsage(this.usage, this.estimatedSoFar);
    this.current = undefined;
  }
}
