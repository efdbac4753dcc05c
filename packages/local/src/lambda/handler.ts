/** Runs a handler as Lambda does: JSON in, JSON out, a context, a deadline. */
import { randomUUID } from "node:crypto";
import type { Context } from "aws-lambda";
import { LOCAL_ACCOUNT, LOCAL_REGION } from "../credentials";
import type { FunctionConfig } from "./functions";

// biome-ignore lint/suspicious/noExplicitAny: each function's event is its own, and comes from JSON
export type Handler = (event: any, context: Context) => unknown;

/** The payload of a failed invocation, as Lambda names it. */
export interface FailureReport {
  errorType: string;
  errorMessage: string;
  trace: string[];
}

/** Told of every failure, without its message, which may quote a person's code. */
export type ReportFailure = (failure: {
  functionName: string;
  requestId: string;
  errorType: string;
  frames: string[];
}) => void;

export type Outcome =
  | { requestId: string; ok: true; result: unknown }
  | { requestId: string; ok: false; failure: FailureReport };

const MEMORY_MB = 1_024;
const FRAMES_REPORTED = 6;

export const functionArn = (name: string): string => `arn:aws:lambda:${LOCAL_REGION}:${LOCAL_ACCOUNT}:function:${name}`;

/**
 * Never throws. A handler over its time has failed; unlike on AWS what it is doing cannot be stopped and goes on, unheard.
 * @param load gives the handler, which counts against the deadline only from the first event on
 */
export async function run(
  { name, timeoutMs }: FunctionConfig,
  load: () => Promise<Handler>,
  event: unknown,
  report: ReportFailure,
): Promise<Outcome> {
  const requestId = randomUUID();
  let timer: NodeJS.Timeout | undefined;
  try {
    const handler = await load();
    const deadlineMs = Date.now() + timeoutMs;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new TimedOut(requestId, timeoutMs)), timeoutMs);
    });
    const running = Promise.resolve(handler(throughJson(event), lambdaContext(name, requestId, deadlineMs)));
    const result = await Promise.race([running, late]);
    return { requestId, ok: true, result: throughJson(result ?? null) };
  } catch (error) {
    const failure = failureReport(error);
    const frames = failure.trace.filter((line) => /^\s+at /.test(line)).slice(0, FRAMES_REPORTED);
    report({ functionName: name, requestId, errorType: failure.errorType, frames });
    return { requestId, ok: false, failure };
  } finally {
    clearTimeout(timer);
  }
}

class TimedOut extends Error {
  override readonly name = "Sandbox.Timedout";

  constructor(requestId: string, timeoutMs: number) {
    super(`RequestId: ${requestId} Error: Task timed out after ${(timeoutMs / 1_000).toFixed(2)} seconds`);
  }
}

function lambdaContext(functionName: string, awsRequestId: string, deadlineMs: number): Context {
  const unsupported = () => {
    throw new Error("Handlers return a promise; the callbacks of the context are not supported.");
  };
  return {
    callbackWaitsForEmptyEventLoop: false,
    functionName,
    functionVersion: "$LATEST",
    invokedFunctionArn: functionArn(functionName),
    memoryLimitInMB: String(MEMORY_MB),
    awsRequestId,
    logGroupName: `/aws/lambda/${functionName}`,
    logStreamName: "local",
    getRemainingTimeInMillis: () => Math.max(0, deadlineMs - Date.now()),
    done: unsupported,
    fail: unsupported,
    succeed: unsupported,
  };
}

/** Nothing is shared between the caller and the handler, as if there were a wire. */
const throughJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value) ?? "null");

function failureReport(error: unknown): FailureReport {
  if (!(error instanceof Error)) return { errorType: typeof error, errorMessage: String(error), trace: [] };
  return { errorType: error.name, errorMessage: error.message, trace: (error.stack ?? "").split("\n") };
}
