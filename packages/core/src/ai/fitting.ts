/** Fits a request to what a model holds, and learns what that is from how its server answers. */
import { AppError } from "../errors";
import { LIMITS } from "../limits";
import type { FileContext, Room } from "./context";
import { TokenCounter } from "./counter";
import { inputCut, ModelFault } from "./fault";
import { contextTokensOf, type KnownFacts, type ModelFacts } from "./model-facts";
import { takesTools } from "./models";
import { withoutTools } from "./openai";
import type { ModelRequest } from "./port";
import type { ModelRoute, TokenUsage } from "./schema";
import { requestTokens } from "./tokens";

/** The factor applied to the room when a server refuses a long input without naming its limit. */
const SHRINK = 0.7;
/** The share of a small model's context that is kept for its answer. */
const OUTPUT_SHARE = 0.25;
/** An answer that may not even be this long is not worth asking for. */
const MIN_OUTPUT_TOKENS = 256;

/** A model's context size, the input tokens of a request to it, and how those are counted. */
export type ModelRoom = Room & { contextTokens: number; counter: TokenCounter };

export function roomOf(route: ModelRoute, facts: ModelFacts, wantedOutputTokens: number): ModelRoom {
  const counter = new TokenCounter(route, facts);
  const contextTokens = contextTokensOf(route, facts);
  const share = Math.max(MIN_OUTPUT_TOKENS, Math.floor(contextTokens * OUTPUT_SHARE));
  const tokens = Math.min(LIMITS.model.maxInputTokens, contextTokens - Math.min(wantedOutputTokens, share));
  return { tokens: Math.max(0, tokens), tokensOf: counter.tokensOf, contextTokens, counter };
}

/** A request as one model is sent it. `isFitting` when less of it could be sent. */
export type Fitted = {
  request: ModelRequest;
  context?: FileContext;
  inputTokens: number;
  counter: TokenCounter;
  isFitting: boolean;
};

/** Fits a request to what the model holds. Returns what is in the way where nothing of it fits. */
export function fitRequest(
  route: ModelRoute,
  request: ModelRequest,
  facts: ModelFacts,
): Fitted | ModelFault | AppError {
  const { fit, ...rest } = request;
  const { tokens, tokensOf, contextTokens, counter } = roomOf(route, facts, request.maxOutputTokens);
  let whole: ModelRequest = rest;
  let context: FileContext | undefined;
  if (fit) {
    try {
      const after = requestTokens({ ...rest, system: "" }, tokensOf);
      const { system, systemWithoutTools, messages, context: shown } = fit({ tokens: tokens - after, tokensOf });
      whole = { ...rest, system, systemWithoutTools, messages: [...messages, ...request.messages] };
      context = shown;
    } catch (error) {
      if (error instanceof AppError && error.code === "TOKEN_LIMIT_EXCEEDED") return error;
      throw error;
    }
  }
  const inputTokens = requestTokens(whole, tokensOf);
  const left = contextTokens - inputTokens;
  if (inputTokens > LIMITS.model.maxInputTokens || left < Math.min(MIN_OUTPUT_TOKENS, request.maxOutputTokens)) {
    return tooMuch(route, inputTokens, tokens);
  }
  const maxOutputTokens = Math.min(request.maxOutputTokens, left);
  return { request: { ...whole, maxOutputTokens }, context, inputTokens, counter, isFitting: fit !== undefined };
}

/** Learns a model's context from a refusal of a long input. Returns false where sending less would not help. */
export async function holdsLess(
  route: ModelRoute,
  fitted: Fitted,
  fault: ModelFault,
  facts: KnownFacts,
): Promise<boolean> {
  if (fault.code !== "TOKEN_LIMIT_EXCEEDED" || fault.reachedModel) return false;
  const { contextTokens, inputTokens } = fault.refusal ?? {};
  if (inputTokens !== undefined)
    await facts.learnCount(route, inputTokens, fitted.counter.byTokenizer(sent(route, fitted)));
  const before = contextTokensOf(route, await facts.of(route));
  const reportedTokens = contextTokens !== undefined && contextTokens < before ? contextTokens : undefined;
  // Told what is known already, what was sent had more tokens than was thought: that was learned above.
  if (reportedTokens === undefined && contextTokens !== undefined && inputTokens !== undefined) return fitted.isFitting;
  await facts.learnContext(
    route,
    reportedTokens ?? Math.floor((fitted.inputTokens + fitted.request.maxOutputTokens) * SHRINK),
  );
  return fitted.isFitting;
}

/** The request that was sent in the end: without tools where the server turned out to take none. */
const sent = (route: ModelRoute, { request }: Fitted) => (takesTools(route) ? request : withoutTools(request));

/**
 * Learns from what the server counted. Returns a fault where that is less than the request can have: a server such as
 * Ollama leaves out what is over its context, and says nothing of it.
 */
export async function learnUsage(
  route: ModelRoute,
  fitted: Fitted,
  { inputTokens, estimated }: TokenUsage,
  facts: KnownFacts,
): Promise<ModelFault | undefined> {
  if (estimated) return undefined;
  const request = sent(route, fitted);
  const { counter } = fitted;
  if (route.provider.kind === "openai" && isCut(inputTokens, counter.least(request))) {
    await facts.learnContext(route, Math.ceil(inputTokens / CONTEXT_STEP) * CONTEXT_STEP);
    return inputCut(route.name, inputTokens, requestTokens(request, counter.tokensOf));
  }
  await facts.learnCount(route, inputTokens, counter.byTokenizer(request));
  return undefined;
}

/** No server has a smaller context, and contexts are multiples of this. */
const MIN_CUT_TOKENS = 900;
const CONTEXT_STEP = 1_024;
/** A count that is just what contexts are is no accident: then less is enough to know that something is missing. */
const WITHIN_CONTEXT = 1.6;

const isCut = (counted: number, least: number): boolean =>
  counted >= MIN_CUT_TOKENS && counted < (counted % CONTEXT_STEP === 0 ? least * WITHIN_CONTEXT : least);

function tooMuch(route: ModelRoute, inputTokens: number, most: number): ModelFault {
  const counts = `about ${inputTokens.toLocaleString("en")} of at most ${Math.max(0, most).toLocaleString("en")} tokens`;
  return new ModelFault("TOKEN_LIMIT_EXCEEDED", `This is too long for ${route.name} (${counts}). Nothing was sent.`, {
    advice: "Select a smaller block and ask again.",
  });
}
