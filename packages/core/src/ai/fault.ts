import { AppError, type ErrorCode } from "../errors";
import { LIMITS } from "../limits";
import { type ContextRefusal, readContextRefusal } from "./context-refusal";

type FaultOptions = {
  /** The next step for the user, as a sentence. */
  advice?: string;
  /** The most calls in all, where one ends so before any output. */
  attempts?: number;
  /** The server's `Retry-After`, in ms. */
  retryAfterMs?: number;
  /** False when the request came to no model, so that nothing was spent. */
  reachedModel?: boolean;
  /** The stream ended before the answer did. */
  isCut?: boolean;
  /** The server is there, and its model will be: worth waiting for. */
  isLoading?: boolean;
  /** The server's details, when the input was too long. */
  refusal?: ContextRefusal;
  cause?: unknown;
};

const DEFAULT_ADVICE = "Try again.";

/** Why a model did not answer, in words, and what may be done about it. */
export class ModelFault extends Error {
  override readonly name = "ModelFault";
  readonly advice: string;
  readonly attempts: number;
  readonly retryAfterMs?: number;
  readonly reachedModel: boolean;
  readonly isCut: boolean;
  readonly isLoading: boolean;
  readonly refusal?: ContextRefusal;

  constructor(
    readonly code: ErrorCode,
    /** The event as a sentence. */
    readonly what: string,
    {
      advice = DEFAULT_ADVICE,
      attempts = 1,
      retryAfterMs,
      reachedModel = true,
      isCut = false,
      isLoading = false,
      refusal,
      cause,
    }: FaultOptions = {},
  ) {
    super(what, { cause });
    this.advice = advice;
    this.attempts = attempts;
    this.retryAfterMs = retryAfterMs;
    this.reachedModel = reachedModel;
    this.isCut = isCut;
    this.isLoading = isLoading;
    this.refusal = refusal;
  }

  /** Returns the error for the user: what happened, what was kept, and the next step. */
  toAppError(kept: string): AppError {
    return new AppError(this.code, [this.what, kept, this.advice].filter(Boolean).join(" "), { cause: this });
  }
}

/** Others of an overloaded service's callers try again too; three attempts are what AWS's SDKs make. */
const BUSY_ATTEMPTS = 3;

export const throttled = (who: string, said: string, options: FaultOptions = {}) =>
  new ModelFault("MODEL_UNAVAILABLE", `${who} is throttling us${quoted(said)}`, {
    advice: "Wait a minute and try again, or raise the model's quota.",
    attempts: LIMITS.model.throttleAttempts,
    reachedModel: false,
    ...options,
  });

export const busy = (who: string, said: string, options: FaultOptions = {}) =>
  new ModelFault("MODEL_UNAVAILABLE", `${who} has a fault of its own${quoted(said)}`, {
    attempts: BUSY_ATTEMPTS,
    ...options,
  });

export const cutOff = (who: string, cause?: unknown) =>
  new ModelFault("NETWORK_ERROR", `The connection to ${who} ended before the answer did.`, { isCut: true, cause });

export const malformedAnswer = (who: string, what: string, cause?: unknown) =>
  new ModelFault("AI_MALFORMED_RESPONSE", `${who} sent ${what}.`, { cause });

/** `body` is all that the server sent, where that is more than its words. */
export const tooLong = (who: string, said: string, { cause, body = said }: { cause?: unknown; body?: string } = {}) =>
  new ModelFault("TOKEN_LIMIT_EXCEEDED", `This is too long for ${who}${quoted(said)}`, {
    advice: "Select a smaller block and ask again.",
    reachedModel: false,
    refusal: readContextRefusal(body),
    cause,
  });

export const silent = (seconds: number) =>
  new ModelFault("AI_TIMEOUT", `The model took longer than ${seconds} s.`, {
    advice: "Try again, or select a smaller block.",
  });

export const loading = (who: string, said: string, options: FaultOptions = {}) =>
  new ModelFault("MODEL_UNAVAILABLE", `${who} is still loading its model${quoted(said)}`, {
    advice: "Try again when it has.",
    reachedModel: false,
    isLoading: true,
    ...options,
  });

export const stillLoading = ({ code, what, advice, cause }: ModelFault) =>
  new ModelFault(code, `${what} Redline waited ${minutes(LIMITS.model.waitMs)} for it.`, {
    advice,
    reachedModel: false,
    cause,
  });

/** The call waited in the server's queue for too long, or the server said for too long only that it works. */
export const noResponse = (what: "queued" | "quiet") =>
  what === "queued"
    ? new ModelFault("AI_TIMEOUT", `The model was busy for ${minutes(LIMITS.model.waitMs)} and did not begin.`, {
        advice: "Try again when it has less to do.",
        reachedModel: false,
      })
    : new ModelFault("AI_TIMEOUT", `The model worked for ${minutes(LIMITS.model.quietMs)} without a word.`, {
        advice: "Try again, or select a smaller block.",
      });

/** The model holds no more: its answer ended there, or its server could not go on. */
export const contextFull = (said = "") =>
  new ModelFault("TOKEN_LIMIT_EXCEEDED", `The model's context is full${quoted(said)}`, {
    advice: "Ask about fewer lines in a new thread, or give the model's server a larger context and try again.",
  });

/** The model has said all it had to say, but its server could not make out all of that. */
export const unreadable = (who: string, said: string) =>
  new ModelFault(
    "AI_MALFORMED_RESPONSE",
    `The model wrote its answer to the end, but ${who} could not read all of it${quoted(said)}`,
    { advice: "A suggestion may be missing. Try again to get one." },
  );

const minutes = (ms: number) => (ms < 60_000 ? `${ms / 1_000} s` : `${Math.round(ms / 60_000)} minutes`);

/** The server counted fewer tokens than it was sent: what was over its context it left out, without a word. */
export const inputCut = (model: string, readTokens: number, sentTokens: number) =>
  new ModelFault(
    "TOKEN_LIMIT_EXCEEDED",
    `${model} read only ${readTokens.toLocaleString("en")} of about ${sentTokens.toLocaleString("en")} tokens: its server left out the rest without saying so, so the reply may not know the code.`,
    { advice: "Try again: it is sent what it can hold then. Or give its server a larger context." },
  );

const MAX_QUOTED_CHARS = 300;

/** The end of a sentence with what the other side said, in its words. */
export function quoted(said: string): string {
  const words = said.replace(/\s+/g, " ").trim();
  if (!words) return ".";
  return `: "${words.length > MAX_QUOTED_CHARS ? `${words.slice(0, MAX_QUOTED_CHARS)}…` : words}"`;
}
