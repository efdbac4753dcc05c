/**
 * Every error Redline answers with, and its HTTP status. Plain data: the UI, the REST API, the docs and the tests read
 * this table, never a second copy (limits.md, "Error shape").
 */
export const ERROR_STATUS = {
  INVALID_INPUT: 400,
  INVALID_LANGUAGE: 400,
  WEAK_PASSWORD: 400,
  MESSAGE_TOO_LONG: 400,
  INVALID_CREDENTIALS: 401,
  UNAUTHORIZED: 401,
  TOKEN_EXPIRED: 401,
  REFRESH_TOKEN_INVALID: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  SESSION_NOT_FOUND: 404,
  CODEBASE_NOT_FOUND: 404,
  VERSION_NOT_FOUND: 404,
  FILE_NOT_FOUND: 404,
  CHANGE_NOT_FOUND: 404,
  FINDING_NOT_FOUND: 404,
  REVIEW_NOT_FOUND: 404,
  LOG_NOT_FOUND: 404,
  DRAFT_NOT_FOUND: 404,
  THREAD_NOT_FOUND: 404,
  MESSAGE_NOT_FOUND: 404,
  UPLOAD_NOT_FOUND: 404,
  VERSION_CONFLICT: 409,
  USER_ALREADY_EXISTS: 409,
  ALREADY_APPLIED: 409,
  FILE_TOO_LARGE: 413,
  SESSION_LIMIT_EXCEEDED: 422,
  THREAD_LIMIT_EXCEEDED: 422,
  MESSAGE_LIMIT_EXCEEDED: 422,
  PROJECT_LIMIT_EXCEEDED: 422,
  PLAN_LIMIT_EXCEEDED: 422,
  TOKEN_LIMIT_EXCEEDED: 422,
  CHANGE_REFUSED: 422,
  MODEL_REQUIRED: 422,
  RATE_LIMIT_EXCEEDED: 429,
  QUOTA_EXCEEDED: 429,
  INTERNAL_ERROR: 500,
  AI_MALFORMED_RESPONSE: 502,
  MODEL_UNAVAILABLE: 503,
  DATABASE_ERROR: 503,
  NETWORK_ERROR: 503,
  AI_TIMEOUT: 504,
} as const;

export type ErrorCode = keyof typeof ERROR_STATUS;

/** The error of every transport: REST, action data and error pages alike. `details` never holds a stack. */
export type ErrorShape = {
  error: { code: ErrorCode; message: string; field?: string; details?: unknown; requestId: string };
};

/**
 * The only error core throws on purpose. `message` is what a person reads: what happened, what was kept, what to do
 * next.
 */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly field?: string;
  readonly details?: unknown;

  constructor(code: ErrorCode, message: string, options: { cause?: unknown; field?: string; details?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "AppError";
    this.code = code;
    this.field = options.field;
    this.details = options.details;
  }

  get status(): number {
    return ERROR_STATUS[this.code];
  }
}

/** The error as every transport sends it; anything that is not an AppError says nothing of its inside. */
export function toErrorShape(error: unknown, requestId: string): ErrorShape {
  if (error instanceof AppError) {
    const { code, message, field, details } = error;
    return { error: { code, message, ...(field && { field }), ...(details !== undefined && { details }), requestId } };
  }
  return {
    error: {
      code: "INTERNAL_ERROR",
      message: `Something went wrong on our end. Nothing was changed. Try again; if the problem persists, quote ${requestId}.`,
      requestId,
    },
  };
}
