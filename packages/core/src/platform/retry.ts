import { Backoff } from "../backoff";
import { sleep } from "./clock";

export interface RetryPolicy {
  /** Calls in all, the first one included. */
  attempts: number;
  firstPauseMs: number;
  longestPauseMs: number;
  /** Off without competitors: each pause then lasts its whole length instead of a random part of it. */
  hasJitter?: boolean;
}

/** For writers that race for the same item: short pauses that spread them out. */
export const CONTENTION = { firstPauseMs: 10, longestPauseMs: 640 } as const;

/** Calls `run` again after errors that `isRetryable` accepts. Throws the last error, or one that it does not accept. */
export async function retry<T>(
  run: () => Promise<T>,
  { isRetryable, ...policy }: RetryPolicy & { isRetryable: (error: unknown) => boolean },
): Promise<T> {
  const pause = pauses(policy);
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await run();
    } catch (error) {
      if (attempt >= policy.attempts || !isRetryable(error)) throw error;
    }
    await pause();
  }
}

/** Calls `run` again while it returns undefined, as when another writer was first. Returns undefined after the last attempt. */
export async function retryUntilDefined<T>(
  run: () => Promise<T | undefined>,
  policy: RetryPolicy,
): Promise<T | undefined> {
  const pause = pauses(policy);
  for (let attempt = 1; ; attempt += 1) {
    const result = await run();
    if (result !== undefined || attempt >= policy.attempts) return result;
    await pause();
  }
}

function pauses({ firstPauseMs, longestPauseMs, hasJitter = true }: RetryPolicy): () => Promise<void> {
  const backoff = new Backoff(firstPauseMs, longestPauseMs);
  return () => sleep(backoff.nextMs() * (hasJitter ? Math.random() : 1));
}
