import { AppError } from "../errors";
import { forRequest } from "./correlation";
import { errorFields, type InvocationContext, log, logInvocation } from "./log";
import { count, publishCounts } from "./metrics";
import { traced } from "./trace";

export type { InvocationContext } from "./log";

/** An invocation that took more of its function's time than this is one that the next bigger job will end. */
const NEAR_SHARE = 0.8;

/**
 * Runs what one invocation of a function does: its lines of the log, its trace and its counts belong together, under an id
 * of its own until it works for a request. What it throws is logged without its message, which may quote what was being
 * worked on, and thrown without it, as Lambda logs what it is thrown.
 * @param leavesMs what a function that watches its own time means to leave: for it, near is less than half of that
 */
export function invocation<R>(
  name: string,
  context: InvocationContext,
  run: () => Promise<R>,
  { leavesMs }: { leavesMs?: number } = {},
): Promise<R> {
  logInvocation(context);
  const timeoutMs = context.getRemainingTimeInMillis();
  return forRequest(context.awsRequestId && `req_${context.awsRequestId}`, async () => {
    try {
      return await traced(name, run);
    } catch (error) {
      // An event that asks for what can't be done is a fault of whoever sent it.
      const isTheirs = error instanceof AppError && error.status < 500;
      log[isTheirs ? "warn" : "error"]("invocation failed", errorFields(error));
      throw withoutMessage(error);
    } finally {
      const leftMs = context.getRemainingTimeInMillis();
      const tookMs = timeoutMs - leftMs;
      if (leavesMs === undefined ? tookMs > NEAR_SHARE * timeoutMs : leftMs < leavesMs / 2) {
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
  const told = new Error(error instanceof AppError ? error.message : "See the log, which leaves out what it said.");
  told.name = String(name);
  told.stack = `${told.name}: ${told.message}\n    ${at ?? ""}`;
  return told;
}
