import { AppError } from "../errors";
import { currentRequestId } from "./correlation";

const LEVELS = { debug: 10, info: 20, warn: 30, error: 40, silent: 99 } as const;
type Level = Exclude<keyof typeof LEVELS, "silent">;

/** Only plain facts may be logged: ids, codes, counts, durations. Code, prompts, tokens and secrets have no place here. */
export type LogFields = Record<string, string | number | boolean | undefined>;

function write(level: Level, message: string, fields: LogFields): void {
  const threshold = LEVELS[(process.env.REDLINE_LOG as keyof typeof LEVELS) ?? "info"] ?? LEVELS.info;
  if (LEVELS[level] < threshold) return;
  const line = { time: new Date().toISOString(), level, message, requestId: currentRequestId(), ...fields };
  process.stderr.write(`${JSON.stringify(line)}\n`);
}

export const log = {
  debug: (message: string, fields: LogFields = {}) => write("debug", message, fields),
  info: (message: string, fields: LogFields = {}) => write("info", message, fields),
  warn: (message: string, fields: LogFields = {}) => write("warn", message, fields),
  error: (message: string, fields: LogFields = {}) => write("error", message, fields),
};

/**
 * What may be said of an error in a log: its name, code and where it was thrown. The message of an unknown error is left
 * out, because it may quote what was being worked on.
 */
export function errorFields(error: unknown): LogFields {
  if (error instanceof AppError) return { error: error.code, cause: nameOf(error.cause), at: frameOf(error) };
  return { error: nameOf(error), at: frameOf(error) };
}

const nameOf = (error: unknown) =>
  error instanceof Error ? error.name : error === undefined ? undefined : typeof error;
const frameOf = (error: unknown) =>
  error instanceof Error
    ? error.stack
        ?.split("\n")
        .find((line) => line.trimStart().startsWith("at "))
        ?.trim()
    : undefined;
