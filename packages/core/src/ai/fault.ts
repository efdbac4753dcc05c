import { AppError, type ErrorCode } from "../errors";
import { LIMITS } from "../limits";

type FaultOptions = {
  /** What a person can do about it. */
  advice?: string;
  /** How often a call that ends so, before it said anything, may be made in all. */
  attempts?: number;
  /** How long the server asks to wait. */
  retryAfterMs?: number;
  /** False when the request came to no model, so that nothing was spent. */
  reachedModel?: boolean;
  /** The stream ended before the answer did. */
  isCut?: boolean;
  /** The server is there, and its model will be: worth waiting for. */
  isLoading?: boolean;
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

  constructor(
    readonly code: ErrorCode,
    /** What happened, as a sentence. */
    readonly what: string,
    {
      advice = DEFAULT_ADVICE,
      attempts = 1,
      retryAfterMs,
      reachedModel = true,
      isCut = false,
      isLoading = false,
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
  }

  /** What a person reads: what happened, what was kept, what to do next. */
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

export const tooLong = (who: string, said: string, cause?: unknown) =>
  new ModelFault("TOKEN_LIMIT_EXCEEDED", `This is too long for ${who}${quoted(said)}`, {
    advice: "Select a smaller block and ask again.",
    reachedModel: false,
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
export const neverAnswered = (what: "queued" | "quiet") =>
  what === "queued"
    ? new ModelFault("AI_TIMEOUT", `The model was busy for ${minutes(LIMITS.model.waitMs)} and did not begin.`, {
        advice: "Try again when it has less to do.",
        reachedModel: false,
      })
    : new ModelFault("AI_TIMEOUT", `The model worked for ${minutes(LIMITS.model.quietMs)} without a word.`, {
        advice: "Try again, or select a smaller block.",
      });

/** The model's context is full: where its answer ended, or where its server could not go on. */
export const contextFull = (kept: string) =>
  [
    "The model's context is full: what it was asked and what it wrote is all that it can hold.",
    kept,
    "Ask about fewer lines in a new thread, or give the model's server a larger context.",
  ]
    .filter(Boolean)
    .join(" ");

const minutes = (ms: number) => (ms < 60_000 ? `${ms / 1_000} s` : `${Math.round(ms / 60_000)} minutes`);

const MAX_QUOTED_CHARS = 300;

/** The end of a sentence with what the other side said, in its words. */
export function quoted(said: string): string {
  const words = said.replace(/\s+/g, " ").trim();
  if (!words) return ".";
  return `: “${words.length > MAX_QUOTED_CHARS ? `${words.slice(0, MAX_QUOTED_CHARS)}…` : words}”`;
}

/** Whether a server's words say that the input is longer than the model's context. */
export const saysTooLong = (said: string): boolean =>
  /too long|context.{0,10}(length|window|size)|maximum.{0,40}tokens|exceed.{0,40}tokens|too many (input )?tokens/i.test(
    said,
  );
