import { Console } from "node:console";
import { LogFormatter, Logger, LogItem } from "@aws-lambda-powertools/logger";
import type { LogAttributes, UnformattedAttributes } from "@aws-lambda-powertools/logger/types";
import { AppError } from "../errors";
import { currentRequestId } from "./correlation";
import { isInLambda, setting } from "./env";

const LEVELS = { debug: 10, info: 20, warn: 30, error: 40, silent: 99 } as const;
type Level = Exclude<keyof typeof LEVELS, "silent">;

/** Only plain facts may be logged: ids, codes, counts, durations. Code, prompts, tokens and secrets have no place here. */
export type LogFields = Record<string, string | number | boolean | undefined>;

/** Lambda's description of the current invocation. */
export type InvocationContext = Extract<Parameters<Logger["addContext"]>[0], { getRemainingTimeInMillis(): number }>;

/** Powertools' keys but those that say the same in every line: each line is paid for. */
class Lines extends LogFormatter {
  formatAttributes(line: UnformattedAttributes, fields: LogAttributes): LogItem {
    const { logLevel, message, timestamp, serviceName, environment, lambdaContext, xRayTraceId } = line;
    const attributes = {
      level: logLevel,
      message,
      timestamp: this.formatTimestamp(timestamp),
      service: serviceName,
      stage: environment,
      function_name: lambdaContext?.functionName,
      function_request_id: lambdaContext?.awsRequestId,
      cold_start: lambdaContext?.coldStart || undefined,
      xray_trace_id: xRayTraceId,
      requestId: currentRequestId(),
    };
    return new LogItem({ attributes: { ...attributes, ...fields } });
  }
}

let made: Logger | undefined;

function lines(): Logger {
  if (made) return made;
  const environment = setting("REDLINE_STAGE");
  // The level is decided here: Lambda's own would override another one of Powertools, with a warning.
  const logLevel = process.env.AWS_LAMBDA_LOG_LEVEL ? undefined : "DEBUG";
  made = new Logger({ serviceName: "redline", environment, logLevel, logFormatter: new Lines() });
  // Elsewhere standard output belongs to the program, so logs go to standard error.
  if (!isInLambda()) Object.assign(made, { console: new Console(process.stderr) });
  return made;
}

function write(level: Level, message: string, fields: LogFields): void {
  if (LEVELS[level] >= LEVELS[setting("REDLINE_LOG")]) lines()[level](message, fields);
}

export const log = {
  debug: (message: string, fields: LogFields = {}) => write("debug", message, fields),
  info: (message: string, fields: LogFields = {}) => write("info", message, fields),
  warn: (message: string, fields: LogFields = {}) => write("warn", message, fields),
  error: (message: string, fields: LogFields = {}) => write("error", message, fields),
};

/** Sets the function and invocation that later log lines carry. */
export function logInvocation(context: InvocationContext): void {
  if (isInLambda()) lines().addContext(context);
}

/**
 * Returns the fields of an error that may be logged: its name, code and where it was thrown. The message of an unknown
 * error is left out, because it may quote user content.
 */
export function errorFields(error: unknown): LogFields {
  if (error instanceof AppError) return { error: error.code, cause: errorName(error.cause), at: frameOf(error) };
  return { error: errorName(error), at: frameOf(error) };
}

const errorName = (error: unknown) =>
  error instanceof Error ? error.name : error === undefined ? undefined : typeof error;
const frameOf = (error: unknown) =>
  error instanceof Error
    ? error.stack
        ?.split("\n")
        .find((line) => line.trimStart().startsWith("at "))
        ?.trim()
    : undefined;
