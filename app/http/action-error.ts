import type { ErrorShape } from "@redline/core/errors";

/** Returns the retry-after of an error in seconds; 0 without one. */
export function retryAfterOf(error: ErrorShape["error"] | undefined): number {
  const details = error?.details as { retryAfterSeconds?: unknown } | undefined;
  return typeof details?.retryAfterSeconds === "number" ? details.retryAfterSeconds : 0;
}

/** Returns the error in action data, if there is one. */
export function getActionError(actionData: unknown): ErrorShape["error"] | undefined {
  if (typeof actionData !== "object" || actionData === null || !("error" in actionData)) return undefined;
  return (actionData as ErrorShape).error;
}
