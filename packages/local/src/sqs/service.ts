import type { Faults } from "../faults";
import type { Store } from "../store";
import { invalidParameter } from "./errors";
import type { Queues } from "./queues";
import { textOf } from "./text-of";

/** The dependencies of every operation. */
export interface SqsService {
  store: Store;
  queues: Queues;
  faults: Faults;
  /** Prefix of queue URLs: the endpoint, a slash, the account, a slash. */
  queueBase: string;
  /** Message move tasks from dead-letter queues since the start, by the source's ARN. */
  moves: Map<string, unknown[]>;
}

export type Request = Record<string, unknown>;
export type Result = Record<string, unknown>;

/** @param gone when the caller has hung up */
export type Operation = (service: SqsService, request: Request, gone: AbortSignal) => Promise<Result>;

/** A whole number within bounds, or what holds when there is none. @throws {SqsError} InvalidParameterValue */
export function whole(value: unknown, name: string, whenAbsent: number, least: number, most: number): number {
  if (value === undefined || value === null) return whenAbsent;
  const number = Number(textOf(value));
  if (!Number.isInteger(number) || number < least || number > most)
    throw invalidParameter(
      `Value ${textOf(value)} for parameter ${name} is invalid. Must be from ${least} to ${most}.`,
    );
  return number;
}

/** The texts of a list; none when it is absent. */
export const texts = (value: unknown): string[] => (Array.isArray(value) ? value.map(textOf) : []);

/** Texts by name; none when it is absent. */
export const textMap = (value: unknown): Record<string, string> =>
  typeof value === "object" && value !== null
    ? Object.fromEntries(Object.entries(value).map(([name, text]) => [name, textOf(text)]))
    : {};
