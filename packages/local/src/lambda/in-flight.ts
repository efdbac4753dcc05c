import { setTimeout as sleep } from "node:timers/promises";
import { Backoff } from "@redline/core/backoff";

/** Pauses between attempts to reach a cloud that is away. */
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 2_000;
/** About as many as a restart of the cloud never takes. */
const TROUBLING_FAILURES = 8;

/** Tracks running work, to wait for its end, and counts all that ever started, to detect activity. */
export class InFlightTracker {
  private readonly running = new Set<Promise<unknown>>();
  started = 0;

  get busy(): boolean {
    return this.running.size > 0;
  }

  track<T>(work: Promise<T>): Promise<T> {
    this.started++;
    const settled: Promise<unknown> = work.then(
      () => this.running.delete(settled),
      () => this.running.delete(settled),
    );
    this.running.add(settled);
    return work;
  }

  /** Resolves when nothing runs any more. */
  async ended(): Promise<void> {
    while (this.busy) await Promise.all(this.running);
  }
}

/**
 * Repeats `work` until stopped. When it fails, which it does while the cloud starts again, it is tried again after a
 * pause that grows; when that lasts, it is said once.
 * @param what names the work in that line
 */
export async function retryForever(what: string, work: () => Promise<void>, stopping: AbortSignal): Promise<void> {
  const backoff = new Backoff(FIRST_PAUSE_MS, LONGEST_PAUSE_MS);
  let failures = 0;
  while (!stopping.aborted) {
    try {
      await work();
      failures = 0;
      backoff.reset();
    } catch (error) {
      if (stopping.aborted) return;
      failures++;
      if (failures === TROUBLING_FAILURES)
        process.stderr.write(`workers: ${what} keeps failing: ${error instanceof Error ? error.message : error}\n`);
      await pause(backoff.nextMs(), stopping);
    }
  }
}

/** Ends early, without an error, when stopped. */
export async function pause(ms: number, stopping: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal: stopping }).catch(() => undefined);
}
