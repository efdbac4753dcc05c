/** Returns whether DynamoDB refused a write because its condition did not hold. */
export function isConditionFailed(error: unknown): boolean {
  return error instanceof Error && error.name === "ConditionalCheckFailedException";
}

/** Awaits a conditional write. Returns false where its condition did not hold; rethrows any other error. */
export async function conditionHeld(write: Promise<unknown>): Promise<boolean> {
  try {
    await write;
    return true;
  } catch (error) {
    if (isConditionFailed(error)) return false;
    throw error;
  }
}

/** Returns the positions of the items that a cancelled transaction failed on; null for any other error. */
export function failedTransactionItems(error: unknown): { condition: number[]; conflict: boolean } | null {
  if (!(error instanceof Error) || error.name !== "TransactionCanceledException") return null;
  const reasons = (error as Error & { CancellationReasons?: { Code?: string }[] }).CancellationReasons ?? [];
  return {
    condition: reasons.flatMap((reason, index) => (reason.Code === "ConditionalCheckFailed" ? [index] : [])),
    conflict: reasons.some((reason) => reason.Code === "TransactionConflict"),
  };
}
