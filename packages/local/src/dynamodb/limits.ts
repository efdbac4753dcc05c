/** Limits of AWS that dynalite 4 does not know, or counts in characters where AWS counts bytes. */
import type { Expression } from "./dynalite";
import { DynamoDbError } from "./errors";
import type { Item, KeySchemaElement } from "./model";

const MAX_EXPRESSION_BYTES = 4096;
const MAX_IN_OPERANDS = 100;
const MAX_OPERATORS = 300;
const MAX_PARTITION_KEY_BYTES = 2048;
const MAX_SORT_KEY_BYTES = 1024;

/** @throws {DynamoDbError} when a request has an expression that is too long */
export function checkExpressionBytes(request: Record<string, unknown>): void {
  for (const [member, text] of Object.entries(request))
    if (member.endsWith("Expression") && typeof text === "string" && Buffer.byteLength(text) > MAX_EXPRESSION_BYTES)
      throw new DynamoDbError(
        "ValidationException",
        `Invalid ${member}: Expression size has exceeded the maximum allowed size; expression size: ${Buffer.byteLength(text)}`,
      );
}

/** @throws {DynamoDbError} for more operands of IN, or more operators and functions, than AWS takes */
export function checkExpressionSize(member: string, expression: Expression | undefined): void {
  const refuse = (problem: string): never => {
    throw new DynamoDbError("ValidationException", `Invalid ${member}: ${problem}`);
  };
  let operators = 0;
  const waiting = expression ? [expression] : [];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    operators++;
    if (next.type === "and" || next.type === "or" || next.type === "not") waiting.push(...next.args);
    else if (next.type === "in" && next.args.length - 1 > MAX_IN_OPERANDS)
      refuse(`The IN operator is provided with too many operands; number of operands: ${next.args.length - 1}`);
  }
  if (operators > MAX_OPERATORS) refuse(`The expression contains too many operators; operator count: ${operators}`);
}

/** @throws {DynamoDbError} when a key attribute is too long */
export function checkKeyBytes(item: Item, schema: KeySchemaElement[]): void {
  for (const { AttributeName, KeyType } of schema) {
    const most = KeyType === "HASH" ? MAX_PARTITION_KEY_BYTES : MAX_SORT_KEY_BYTES;
    if (Buffer.byteLength(item[AttributeName]?.S ?? "") > most)
      throw new DynamoDbError(
        "ValidationException",
        KeyType === "HASH"
          ? "One or more parameter values were invalid: Size of hashkey has exceeded the maximum size limit of2048 bytes"
          : "One or more parameter values were invalid: Aggregated size of all range keys has exceeded the size limit of 1024 bytes",
      );
  }
}
