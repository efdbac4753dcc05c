import { StorageUnavailable } from "../store/storage-unavailable";
import type { Context } from "./context";
import { removeExpired, removeOldTokens } from "./expiry";

/** Tokens and stream records are looked through every so many sweeps. */
const SWEEPS_PER_TRIM = 30;

/** Looks for what has run out, one sweep at a time, and ends cleanly with the server. */
export class Sweeper {
  private readonly timer: NodeJS.Timeout;
  private running: Promise<void> = Promise.resolve();
  private busy = false;
  private sweeps = 0;

  constructor(
    private readonly context: Context,
    everyMs: number,
  ) {
    this.timer = setInterval(() => {
      if (!this.busy) this.running = this.sweep();
    }, everyMs);
    this.timer.unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.running;
  }

  private async sweep(): Promise<void> {
    this.busy = true;
    try {
      await removeExpired(this.context);
      if (this.sweeps++ % SWEEPS_PER_TRIM === 0) {
        await removeOldTokens(this.context);
        await this.context.streams.trim();
      }
    } catch (error) {
      // The store has said so itself.
      if (error instanceof StorageUnavailable) return;
      process.stderr.write(`dynamodb: sweep failed: ${error instanceof Error ? error.stack : error}\n`);
    } finally {
      this.busy = false;
    }
  }
}
