/** Translates the errors of OpenAI-compatible servers into sentences that a person can act on. */
import { RedirectRefused } from "../platform/http";
import { saysTooLong } from "./context-refusal";
import { busy, contextFull, cutOff, loading, ModelFault, quoted, throttled, tooLong, unreadable } from "./fault";
import type { OptionalPart } from "./openai-capabilities";

type Server = { who: string; endpoint: string; model: string; key: string | undefined; keyVariable: string };

type Words = {
  said: string;
  type: string;
  /** All of it, where there are numbers beside the words. */
  body?: string;
};

/** The words of an error body, whatever its shape; a page of HTML says nothing. */
export function wordsOf(body: string): Words {
  try {
    return wordsIn(JSON.parse(body));
  } catch {
    return { said: body.trimStart().startsWith("<") ? "" : body, type: "" };
  }
}

/** `{error: {message, type, code}}`, `{error: "…"}`, `{object: "error", message}` and `{detail: "…"}` are all about. */
export function wordsIn(value: unknown): Words {
  const body = (typeof value === "object" && value ? value : {}) as Record<string, unknown>;
  const error = body.error ?? body;
  if (typeof error === "string") return { said: error, type: "" };
  const { message, detail, type, code } = error as Record<string, unknown>;
  const said = message ?? detail ?? "";
  const words = typeof said === "string" ? said : JSON.stringify(said);
  return { said: words, type: [type, code].filter(Boolean).join(" "), body: JSON.stringify(error) };
}

/** An HTTP error, or an error object inside a stream (`status` 0 then, or what its code says). */
export function openAiFault(
  server: Server,
  status: number,
  { said, type, body }: Words,
  options: { retryAfter?: string | null; hasBegun?: boolean } = {},
): ModelFault {
  const { who, endpoint, model, key, keyVariable } = server;
  const words = key ? said.replaceAll(key, "…") : said;
  const { hasBegun = false } = options;
  const reachedModel = hasBegun;
  const refused = (what: string, advice: string) => new ModelFault("MODEL_UNAVAILABLE", what, { advice, reachedModel });
  if (/insufficient_quota|billing/.test(type)) {
    return refused(`${who} says that nothing is left to spend${quoted(words)}`, "Look at the account there.");
  }
  if (status === 429 || /rate_limit|throttl|overloaded/i.test(type)) {
    return throttled(who, words, { retryAfterMs: retryAfterMs(options.retryAfter), reachedModel });
  }
  if (status === 401 || status === 403) {
    const advice = key ? `Check ${keyVariable}.` : `Put its key into ${keyVariable}.`;
    return refused(`${who} does not accept us (HTTP ${status})${quoted(words)}`, `${advice} Then start Redline again.`);
  }
  if (hasBegun && saysContextFull(words)) return contextFull(words);
  if (hasBegun && saysUnreadable(words)) return unreadable(who, words);
  if (status === 413 || (status < 500 && saysTooLong(`${words} ${type}`))) return tooLong(who, words, { body });
  if (status === 404) {
    return refused(
      `${endpoint} has no model ${model}, or is not the address of its API${quoted(words)}`,
      "Check REDLINE_MODEL; the base URL mostly ends with /v1.",
    );
  }
  if (status === 408 || status === 504) {
    return new ModelFault("AI_TIMEOUT", `${who} took too long${quoted(words)}`, {
      advice: "Try again, or select a smaller block.",
    });
  }
  if (status === 503 && saysLoading(words)) {
    return loading(who, words, { retryAfterMs: retryAfterMs(options.retryAfter) });
  }
  if (status >= 500 || status === 0) return busy(who, words || (status ? `HTTP ${status}` : ""), { reachedModel });
  return refused(`${who} refused the request (HTTP ${status})${quoted(words)}`, "Check the model in REDLINE_MODEL.");
}

/** Returns the fault for a connection that failed or broke. `fetch` hides the reason in a cause. */
export function connectionFault({ who, endpoint }: Server, error: unknown, hasBegun: boolean): ModelFault {
  if (error instanceof ModelFault) return error;
  if (error instanceof RedirectRefused) {
    return new ModelFault("MODEL_UNAVAILABLE", `${endpoint} sends us elsewhere (HTTP ${error.status}${to(error)}).`, {
      advice: "Redline follows no redirect with your key. Put the address of the API itself into REDLINE_MODEL.",
      reachedModel: false,
      cause: error,
    });
  }
  if (hasBegun) return cutOff(who, error);
  return new ModelFault("MODEL_UNAVAILABLE", `${endpoint} can't be reached${quoted(connectionReason(error))}`, {
    advice: "Check that the model's server runs and that REDLINE_MODEL has its address.",
    reachedModel: false,
    cause: error,
  });
}

const to = ({ toOrigin }: RedirectRefused) => (toOrigin ? ` to ${toOrigin}` : "");

/** llama.cpp, Hugging Face, Triton and gateways before them, each in words of its own. */
const saysLoading = (said: string): boolean =>
  /\bloading\b|\bnot (yet )?(ready|loaded)\b|\bstarting( up)?\b|\bwarming up\b|\binitiali[sz]ing\b/i.test(said);

/** Recognises the errors of llama.cpp, whose slots may share one context, and of servers that end a stream the same way. */
const saysContextFull = (said: string): boolean => /context.{0,20}\b(exceeded|full|overflow|used up)\b/i.test(said);

/** Recognises llama.cpp's error for an answer that its chat template can't parse. */
const saysUnreadable = (said: string): boolean =>
  /does not match the expected|failed to parse|could not (be )?parse/i.test(said);

function connectionReason(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  if (!(cause instanceof Error)) return "";
  // Several addresses of one name were tried, each with its own error.
  const one = cause instanceof AggregateError ? (cause.errors[0] as unknown) : cause;
  return one instanceof Error ? one.message : cause.message;
}

/** The part of the request that the server says it does not take. */
export function refusedPart(status: number, said: string, hasToolChoice: boolean): OptionalPart | undefined {
  if (status !== 400 && status !== 422 && status !== 500 && status !== 501) return undefined;
  if (/stream_options|include_usage/i.test(said)) return "streamOptions";
  if (hasToolChoice && /tool.?choice/i.test(said)) return "toolChoice";
  // Not what it says of a single call: that would be our mistake.
  const isAboutTools = /\btools?\b|tool.choice|function.?call/i.test(said) && !/tool_call_id/.test(said);
  if (isAboutTools && /support|unknown|unrecogni[sz]ed|permitted|require|enable|unexpected|extra/i.test(said))
    return "tools";
  if (/max_tokens/i.test(said) && !saysTooLong(said)) return "maxTokens";
  if (/temperature/i.test(said)) return "temperature";
  return undefined;
}

/** `Retry-After` is seconds or a date. */
function retryAfterMs(header: string | null | undefined): number | undefined {
  if (!header) return undefined;
  const ms = /^\d+(\.\d+)?$/.test(header) ? Number(header) * 1_000 : Date.parse(header) - Date.now();
  return Number.isFinite(ms) && ms > 0 ? ms : undefined;
}
