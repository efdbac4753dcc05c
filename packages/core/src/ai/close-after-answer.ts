/** An answer that has ended may still take this long to say what it used. */
const WITHIN_MS = 2_000;

/** Closes a connection whose answer has ended, but which does not end itself. */
export class TrailingUsageTimeout {
  private readonly closing = new AbortController();
  private timer: NodeJS.Timeout | undefined;
  /** Aborted with the caller's, too. */
  readonly signal: AbortSignal;

  constructor(caller: AbortSignal) {
    this.signal = AbortSignal.any([caller, this.closing.signal]);
  }

  answerEnded(): void {
    this.timer ??= setTimeout(() => this.closing.abort(), WITHIN_MS);
  }

  done(): void {
    clearTimeout(this.timer);
  }
}
