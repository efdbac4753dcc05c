/** Pauses that double with each failure, from the first to the longest. In milliseconds, without jitter. */
export class Backoff {
  #failures = 0;

  constructor(
    private readonly firstMs: number,
    private readonly longestMs: number,
  ) {}

  /** Counts a failure and returns the pause after it. */
  nextMs(): number {
    return Math.min(this.longestMs, this.firstMs * 2 ** this.#failures++);
  }

  reset(): void {
    this.#failures = 0;
  }
}
