import {
  type ExecuteTransactWriteInput,
  type ExecuteTransactWriteOptions,
  execute,
} from "dynamodb-toolbox/entity/actions/transactWrite";

/** One write of a transaction: an entity's put, update, delete or check. */
export type Write = Exclude<ExecuteTransactWriteInput[number], ExecuteTransactWriteOptions>;

/**
 * Writes all or nothing. The SDK sends an idempotency token, so a retry after a lost answer has one effect.
 * Throws the SDK's TransactionCanceledException: see `cancelledAt`.
 */
export async function writeAll(writes: Write[]): Promise<void> {
  await execute(...writes);
}
