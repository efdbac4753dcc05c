/** Facts found out about models by calling them: their context sizes, and how their servers count. */
import { LIMITS } from "../limits";
import { nowMs } from "../platform/clock";
import { factsOf } from "./openai-capabilities";
import type { ModelRoute } from "./schema";
import { TOKENIZERS, type Tokenizer } from "./tokens";

/** Tokens that were counted over tokens that were estimated, by the tokenizer of the estimate. */
export type CountRatios = Record<Tokenizer, number>;

export type ModelFacts = {
  /** Context size in tokens, input and output together, where it turned out to be less than configured. */
  context?: { tokens: number; atMs: number };
  /** Ratios of the last calls, oldest first. */
  ratios: CountRatios[];
};

/** Storage for facts beyond this process. */
export type FactsKeeper = {
  read(name: string): Promise<ModelFacts | undefined>;
  write(name: string, facts: ModelFacts): Promise<void>;
};

const KEPT_RATIOS = 12;
/** Shorter requests are mostly template, of which little is known. */
const MIN_COUNTED_TOKENS = 500;
/** Facts of other processes are looked up again after this long. */
const FRESH_MS = 60_000;
/** A ratio that is kept already to within this share says nothing new. */
const SAME_RATIO = 0.01;

/** Facts about the models of this process, as it knows them and as `keeper` has them of others. */
export class KnownFacts {
  private readonly known = new Map<string, { facts: ModelFacts; readMs: number }>();

  constructor(private readonly keeper?: FactsKeeper) {}

  async of({ name }: ModelRoute): Promise<ModelFacts> {
    const known = this.known.get(name);
    // Facts that block requests are read each time: another process may have updated them.
    const isFresh = known && !known.facts.context && nowMs() - known.readMs < FRESH_MS;
    if (known && (!this.keeper || isFresh)) return known.facts;
    const facts = (await this.keeper?.read(name)) ?? known?.facts ?? { ratios: [] };
    this.known.set(name, { facts, readMs: nowMs() });
    return facts;
  }

  /** Returns the facts that this process has, without looking any up. */
  seen = ({ name }: ModelRoute): ModelFacts => this.known.get(name)?.facts ?? { ratios: [] };

  /** Takes note that the model holds no more than this. */
  async learnContext(route: ModelRoute, tokens: number): Promise<void> {
    await this.keep(route, { ...this.seen(route), context: { tokens, atMs: nowMs() } });
  }

  /** Takes note of what the server counted for a request, and of what each tokenizer was estimated to make of it. */
  async learnCount(route: ModelRoute, counted: number, estimated: Record<Tokenizer, number>): Promise<void> {
    if (Math.min(counted, ...Object.values(estimated)) < MIN_COUNTED_TOKENS) return;
    const ratios = Object.fromEntries(TOKENIZERS.map((each) => [each, counted / estimated[each]])) as CountRatios;
    const facts = this.seen(route);
    const isKnown = facts.ratios.some((each) =>
      TOKENIZERS.every((tokenizer) => Math.abs(each[tokenizer] / ratios[tokenizer] - 1) < SAME_RATIO),
    );
    if (isKnown && facts.ratios.length >= 3) return;
    await this.keep(route, { ...facts, ratios: [...facts.ratios, ratios].slice(-KEPT_RATIOS) });
  }

  /** Forgets all of it, so that it is found out again. */
  async forget(route: ModelRoute): Promise<void> {
    await this.keep(route, { ratios: [] });
  }

  private async keep({ name }: ModelRoute, facts: ModelFacts): Promise<void> {
    this.known.set(name, { facts, readMs: nowMs() });
    await this.keeper?.write(name, facts);
  }
}

/** Returns a model's context size: the least of its configuration, its server's own word and the last day's findings. */
export function contextTokensOf(route: ModelRoute, { context }: ModelFacts): number {
  const isFresh = context !== undefined && nowMs() - context.atMs < LIMITS.model.foundOutMs;
  const said = factsOf(route)?.contextTokens ?? route.contextTokens;
  return Math.min(route.contextTokens, said, isFresh ? context.tokens : route.contextTokens);
}
