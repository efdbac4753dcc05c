import {
  type ExecuteTransactWriteInput,
  type ExecuteTransactWriteOptions,
  execute,
} from "dynamodb-toolbox/entity/actions/transactWrite";

import { sleep } from "./clock";
import { cancelledAt } from "./conditions";

/** One write of a transaction: an entity's put, update, delete or check. */
export type Write = Exclude<ExecuteTransactWriteInput[number], ExecuteTransactWriteOptions>;

/**
 * Writes all or nothing. The SDK sends an idempotency token, so a retry after a lost answer has one effect.
 * Throws the SDK's TransactionCanceledException: see `cancelledAt`.
 */
export async function writeAll(writes: Write[]): Promise<void> {
  await execute(...writes);
}

const MAX_TRIES = 8;

/**
 * Runs a write again, a little later, while another transaction is at the same items: that says nothing of its conditions.
 * `maxTries` is for items that many write at once.
 */
export async function pastConflicts<T>(run: () => Promise<T>, maxTries = MAX_TRIES): Promise<T> {
  for (let tried = 1; ; tried += 1) {
    try {
      return await run();
    } catch (error) {
      if (tried === maxTries || !isConflictOnly(error)) throw error;
      await sleep(Math.random() * 2 ** Math.min(tried, 7) * 5);
    }
  }
}

function isConflictOnly(error: unknown): boolean {
  if (error instanceof Error && error.name === "TransactionConflictException") return true;
  const cancelled = cancelledAt(error);
  return cancelled?.conflict === true && cancelled.condition.length === 0;
}
