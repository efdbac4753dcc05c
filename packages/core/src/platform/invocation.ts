import { AsyncLocalStorage } from "node:async_hooks";
import { AppError } from "../errors";
import { forRequest } from "./correlation";
import { errorFields, type InvocationContext, log, logInvocation } from "./log";
import { count, publishCounts } from "./metrics";
import { traced } from "./trace";

export type { InvocationContext } from "./log";

const current = new AsyncLocalStorage<InvocationContext>();

/** Time that the function which this runs in still has, in ms; infinite outside functions. */
export const remainingMs = (): number => current.getStore()?.getRemainingTimeInMillis() ?? Number.POSITIVE_INFINITY;

/** An invocation that took more of its function's time than this is one that the next bigger job will end. */
const NEAR_SHARE = 0.8;

/**
 * Runs what one invocation of a function does: its lines of the log, its trace and its counts belong together, under an id
 * of its own until it works for a request. Errors are logged and rethrown with the message redacted, as it may quote user
 * content and Lambda logs what it is thrown; name and stack location are kept.
 * @param reserveMs time the function keeps free before its timeout; a warning is logged below half of it
 */
export function invocation<R>(
  name: string,
  context: InvocationContext,
  run: () => Promise<R>,
  { reserveMs }: { reserveMs?: number } = {},
): Promise<R> {
  logInvocation(context);
  const timeoutMs = context.getRemainingTimeInMillis();
  return forRequest(context.awsRequestId && `req_${context.awsRequestId}`, async () => {
    try {
      return await current.run(context, () => traced(name, run));
    } catch (error) {
      // An event that asks for something impossible is the sender's fault.
      const isTheirs = error instanceof AppError && error.status < 500;
      log[isTheirs ? "warn" : "error"]("invocation failed", errorFields(error));
      throw withoutMessage(error);
    } finally {
      const leftMs = context.getRemainingTimeInMillis();
      const tookMs = timeoutMs - leftMs;
      if (reserveMs === undefined ? tookMs > NEAR_SHARE * timeoutMs : leftMs < reserveMs / 2) {
        count("NearTimeout");
        log.warn("near its timeout", { function: name, tookMs: Math.round(tookMs), timeoutMs: Math.round(timeoutMs) });
      }
      publishCounts();
    }
  });
}

/** Names the same error, and where it was thrown. */
function withoutMessage(error: unknown): Error {
  const { error: name = "Error", at } = errorFields(error);
  const redacted = new Error(error instanceof AppError ? error.message : "Error message redacted; see the log.");
  redacted.name = String(name);
  redacted.stack = `${redacted.name}: ${redacted.message}\n    ${at ?? ""}`;
  return redacted;
}
