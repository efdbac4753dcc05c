import {
  type ExecuteTransactWriteInput,
  type ExecuteTransactWriteOptions,
  execute,
} from "dynamodb-toolbox/entity/actions/transactWrite";

import { failedTransactionItems } from "./dynamo-errors";
import { CONTENTION, retry } from "./retry";

/** One write of a transaction: an entity's put, update, delete or check. */
export type Write = Exclude<ExecuteTransactWriteInput[number], ExecuteTransactWriteOptions>;

/**
 * Writes all or nothing. The SDK sends an idempotency token, so a retry after a lost answer has one effect.
 * Throws the SDK's TransactionCanceledException: see `cancelledAt`.
 */
export async function writeAll(writes: Write[]): Promise<void> {
  await execute(...writes);
}

/**
 * Retries a write while another transaction is at the same items, which says nothing about its conditions.
 * @param attempts more for items that many write at once
 */
export const retryOnConflict = <T>(run: () => Promise<T>, attempts = 8): Promise<T> =>
  retry(run, { ...CONTENTION, attempts, isRetryable: isConflictOnly });

function isConflictOnly(error: unknown): boolean {
  if (error instanceof Error && error.name === "TransactionConflictException") return true;
  const cancelled = failedTransactionItems(error);
  return cancelled?.conflict === true && cancelled.condition.length === 0;
}
