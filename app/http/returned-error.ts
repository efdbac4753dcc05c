import type { ErrorShape } from "@redline/core/errors";

/** The error in what an action returned, if it returned one. */
export function returnedError(actionData: unknown): ErrorShape["error"] | undefined {
  if (typeof actionData !== "object" || actionData === null || !("error" in actionData)) return undefined;
  return (actionData as ErrorShape).error;
}
