/**
 * What was acknowledged, as readers see it. LevelDB may have taken a write that was refused afterwards, and who acted on
 * that one, by removing a file that nothing names any more, say, could not be undone with it.
 */
import type { Level } from "./open-level";

export class AcknowledgedView {
  readonly snapshot: ReturnType<Level["snapshot"]>;
  private readers = 0;
  private isReplaced = false;

  /** Shows what is in LevelDB now. */
  constructor(readonly level: Level) {
    this.snapshot = level.snapshot();
  }

  /** Each reader calls `release` when it is done. */
  hold(): this {
    this.readers++;
    return this;
  }

  release(): void {
    this.readers--;
    this.closeUnread();
  }

  /** Returns what is in LevelDB now; whoever reads in this view may finish. */
  replace(): AcknowledgedView {
    const next = new AcknowledgedView(this.level);
    this.isReplaced = true;
    this.closeUnread();
    return next;
  }

  /** LevelDB closes the one that was never replaced when it is closed itself. */
  private closeUnread(): void {
    if (this.isReplaced && this.readers === 0) void this.snapshot.close();
  }
}
