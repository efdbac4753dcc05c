import { LIMITS } from "../../limits";
import { nowMs } from "../../platform/clock";
import { errorFields, log } from "../../platform/log";
import { readModelReview, renewModelReview, type StoredModelReview } from "./store";

/** Those of this process that have not ended. */
const watching = new Set<Watch>();

/** Has every review by a model that this process is at handed to another worker: the process is ending. */
export function leaveModelReviews(): void {
  for (const watch of watching) watch.leave();
}

/**
 * Keeps a review's lease, and hears when it is cancelled, taken from us, or when time is up or this process is ending:
 * then `signal` aborts.
 */
export class Watch {
  isCancelled = false;
  isLost = false;
  /** This process is ending, which is no fault of the file that is being asked about. */
  isLeaving = false;
  private readonly stop = new AbortController();
  private readonly timer: NodeJS.Timeout;
  private readonly deadline: NodeJS.Timeout;
  private renewAt = nowMs() + LIMITS.lease.renewSeconds * 1_000;
  private isLooking = false;

  constructor(
    private readonly review: Pick<StoredModelReview, "sessionId" | "id" | "epoch" | "isCancelRequested">,
    leaveAt: number,
  ) {
    if (review.isCancelRequested) this.cancel();
    this.timer = setInterval(() => void this.look(), LIMITS.answer.stopPollMs);
    this.deadline = setTimeout(() => this.stop.abort(), Math.max(0, leaveAt - nowMs()));
    watching.add(this);
  }

  get signal(): AbortSignal {
    return this.stop.signal;
  }

  leave(): void {
    this.isLeaving = true;
    this.stop.abort();
  }

  end(): void {
    watching.delete(this);
    clearInterval(this.timer);
    clearTimeout(this.deadline);
  }

  private async look(): Promise<void> {
    if (this.isLooking || this.signal.aborted) return;
    this.isLooking = true;
    try {
      const now = await readModelReview(this.review);
      if (now?.epoch !== this.review.epoch || now.status !== "running") this.lose();
      else if (now.isCancelRequested) this.cancel();
      else if (nowMs() >= this.renewAt) {
        this.renewAt = nowMs() + LIMITS.lease.renewSeconds * 1_000;
        if (!(await renewModelReview(this.review))) this.lose();
      }
    } catch (error) {
      log.warn("review not watched", errorFields(error));
    } finally {
      this.isLooking = false;
    }
  }

  private cancel(): void {
    this.isCancelled = true;
    this.stop.abort();
  }

  private lose(): void {
    this.isLost = true;
    this.stop.abort();
  }
}
