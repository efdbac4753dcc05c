/** Shapes of requests that dynalite does not check. */
import { DynamoDbError } from "./errors";

/** The member as a list of objects, empty when absent. @throws {DynamoDbError} SerializationException for anything else */
export function objectsIn<T extends object>(request: Record<string, unknown>, member: string): T[] {
  const list = request[member] ?? [];
  if (!Array.isArray(list) || !list.every((entry) => typeof entry === "object" && entry !== null))
    throw malformed(member);
  return list as T[];
}

/** The member as an object, or undefined when absent. @throws {DynamoDbError} SerializationException for anything else */
export function objectIn<T extends object>(request: Record<string, unknown>, member: string): T | undefined {
  const value = request[member] ?? undefined;
  if (value !== undefined && (typeof value !== "object" || Array.isArray(value))) throw malformed(member);
  return value as T | undefined;
}

export const malformed = (what: string) => new DynamoDbError("SerializationException", `${what} is malformed.`);
