/** Counts a request's tokens for one model, by its kind of tokenizer and by its server's earlier counts. */
import type { CountRatios, ModelFacts } from "./model-facts";
import type { ModelRoute } from "./schema";
import { estimateTokens, requestTokens, TOKENIZERS, type Tokenizer } from "./tokens";

type Sent = Parameters<typeof requestTokens>[0];

/** Over the highest of the counts seen so far, for what is likely and for what is certain. Measured: see ADR 0023. */
const LIKELY_MARGIN = 1.1;
const CERTAIN_MARGIN = 1.3;
/** Before any count: estimates are bounds, and what most texts have is less. */
const UNCOUNTED_FACTOR = 0.85;
/** From this many counts on, they may say that a model makes fewer tokens than its kind of tokenizer. */
const MIN_COUNTS = 3;

export class TokenCounter {
  private readonly kind: Tokenizer | undefined;
  private readonly ratios: readonly CountRatios[];
  private readonly likely: { tokenizer: Tokenizer; factor: number };

  constructor(route: ModelRoute, facts: ModelFacts) {
    this.kind = tokenizerOf(route);
    this.ratios = facts.ratios;
    this.likely = this.likeliest();
  }

  /** The likely tokens of a text, a little high: decides what fits. A server that holds less refuses, and is believed. */
  tokensOf = (text: string): number => Math.ceil(estimateTokens(text, this.likely.tokenizer) * this.likely.factor);

  /** The tokens that a request has at most: what is reserved for it. */
  most(request: Sent): number {
    const kind = this.kind ?? "any";
    const bound = this.estimate(request, kind) * Math.max(1, this.highest(kind) * LIKELY_MARGIN);
    const likely = requestTokens(request, this.tokensOf);
    if (this.ratios.length < MIN_COUNTS) return Math.max(likely, Math.ceil(bound));
    const seen = likely * (CERTAIN_MARGIN / LIKELY_MARGIN);
    return Math.ceil(Math.max(likely, Math.min(bound, seen)));
  }

  /** Estimated tokens of a request, by kind of tokenizer. */
  byTokenizer = (request: Sent): Record<Tokenizer, number> =>
    Object.fromEntries(TOKENIZERS.map((each) => [each, this.estimate(request, each)])) as Record<Tokenizer, number>;

  /**
   * The tokens below which a server that says it read the request can't have read all of it.
   */
  least(request: Sent): number {
    if (this.ratios.length < MIN_COUNTS) return this.estimate(request, "wide") * LEAST_OF_WIDE;
    const { tokenizer } = this.likely;
    const lowest = Math.min(...this.ratios.map((each) => each[tokenizer]));
    return this.estimate(request, tokenizer) * lowest * LEAST_OF_SEEN;
  }

  private estimate(request: Sent, tokenizer: Tokenizer): number {
    return requestTokens(request, (text) => estimateTokens(text, tokenizer));
  }

  private highest(tokenizer: Tokenizer): number {
    return Math.max(0, ...this.ratios.map((each) => each[tokenizer]));
  }

  /** The kind whose estimates the counts followed most closely; before any, the model's own or, unknown, a middling one. */
  private likeliest(): { tokenizer: Tokenizer; factor: number } {
    if (this.ratios.length === 0) return { tokenizer: this.kind ?? "digits", factor: UNCOUNTED_FACTOR };
    const spreadOf = (each: Tokenizer) => this.highest(each) / Math.min(...this.ratios.map((ratios) => ratios[each]));
    const candidates = [this.kind ?? "digits", ...TOKENIZERS];
    const tokenizer = candidates.reduce((best, each) => (spreadOf(each) < spreadOf(best) ? each : best));
    return { tokenizer, factor: this.highest(tokenizer) * LIKELY_MARGIN };
  }
}

/** No text of those measured has fewer tokens than this share of `wide`'s estimate, whatever reads it. */
const LEAST_OF_WIDE = 0.35;
const LEAST_OF_SEEN = 0.75;

const NAMES: [Tokenizer, RegExp][] = [
  [
    "narrow",
    /claude|nova|titan|mistral|mixtral|codestral|ministral|magistral|devstral|llama-?2|codellama|vicuna|phi-?3|yi-/,
  ],
  ["digits", /qwen|qwq|gemma|gemini/],
  ["wide", /gpt-?[45o]|gpt-oss|chatgpt|(^|[^a-z])o[1345]\b|llama-?[34]|deepseek/],
];

/** The kind of a model's tokenizer, by its name; undefined for a name that says nothing. */
export function tokenizerOf({ provider }: ModelRoute): Tokenizer | undefined {
  const name = (provider.kind === "bedrock" ? provider.modelId : provider.model).toLowerCase();
  return NAMES.find(([, pattern]) => pattern.test(name))?.[0];
}
