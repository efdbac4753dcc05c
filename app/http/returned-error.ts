import type { ErrorShape } from "@redline/core/errors";

/** In seconds, of an error that ends by itself; 0 for any other. */
export function retryAfterOf(error: ErrorShape["error"] | undefined): number {
  const details = error?.details as { retryAfterSeconds?: unknown } | undefined;
  return typeof details?.retryAfterSeconds === "number" ? details.retryAfterSeconds : 0;
}

/** The error in what an action returned, if it returned one. */
export function returnedError(actionData: unknown): ErrorShape["error"] | undefined {
  if (typeof actionData !== "object" || actionData === null || !("error" in actionData)) return undefined;
  return (actionData as ErrorShape).error;
}
