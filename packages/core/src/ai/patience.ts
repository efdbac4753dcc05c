import { setImmediate as nextTurn } from "node:timers/promises";
import { LIMITS } from "../limits";
import { type ModelFault, noResponse, silent } from "./fault";
import { enterQueue, isBehindAnother, type QueuedCall } from "./queue";
import type { ModelActivity, ModelRoute } from "./schema";

type Options = {
  /** Told what the server does, each time that changes. */
  onActivity: (activity: ModelActivity) => void;
  /** Asks the server itself whether it is at work, when nothing else tells. Never rejects. */
  isAtWork: () => Promise<boolean>;
  /** Returns whether the server is known to send its headers as soon as it begins. */
  announcesItsBeginning: () => boolean;
};

/**
 * Limits the wait for one call of a model. Silence ends it; time in the server's queue, and signs that the server
 * works, are not silence. The time that the answer's consumer takes does not count.
 */
export class Patience implements QueuedCall {
  /** Rejects with the ModelFault once there is no more patience. */
  readonly end: Promise<never>;
  private fail: (fault: ModelFault) => void = () => undefined;
  private readonly startedAt = performance.now();
  private lastSignAt = this.startedAt;
  private lastOutputAt = this.startedAt;
  private hiddenSince: number | undefined;
  private hasBegun = false;
  private wasQueued = false;
  private isConsumerBusy = false;
  private isClosed = false;
  private readonly silence: NodeJS.Timeout;
  private readonly notice: NodeJS.Timeout;
  private readonly leaveQueue: () => void;

  constructor(
    private readonly route: ModelRoute,
    private readonly options: Options,
    /** The last status that was reported. */
    private activity?: ModelActivity,
  ) {
    this.end = new Promise((_, reject) => {
      this.fail = reject;
    });
    this.end.catch(() => undefined);
    this.leaveQueue = enterQueue(route, this);
    this.silence = setTimeout(() => void this.expire(), route.silentMs);
    this.notice = setTimeout(() => this.notBegunYet(), LIMITS.model.noticeMs);
  }

  /** True when the call is known to have waited in a queue only: no input was read, no tokens were used. */
  get neverBegan(): boolean {
    if (this.hasBegun) return false;
    return this.wasQueued || isBehindAnother(this.route, this) || this.options.announcesItsBeginning();
  }

  get isWorkedOn(): boolean {
    return this.hasBegun && (this.isConsumerBusy || performance.now() - this.lastSignAt < this.route.silentMs);
  }

  sign(): void {
    this.hasBegun = true;
    this.lastSignAt = performance.now();
    if (this.activity === "queued" || this.activity === "loading") this.become("reading");
    if (this.lastSignAt - this.lastOutputAt > this.quietMs) this.fail(noResponse("quiet"));
    else this.arm();
  }

  /** Takes what the model put out: for its reader, unless it is a thought or part of a call. */
  output(hidden?: "thought" | "call"): void {
    this.lastOutputAt = performance.now();
    this.sign();
    if (hidden === undefined) {
      this.activity = this.hiddenSince = undefined;
      return;
    }
    this.hiddenSince ??= this.lastOutputAt;
    // A short wait is not reported.
    if (this.lastOutputAt - this.hiddenSince < LIMITS.model.noticeMs) return;
    this.become(hidden === "thought" ? "thinking" : "calling");
  }

  pause(): void {
    this.isConsumerBusy = true;
  }

  resume(): void {
    this.isConsumerBusy = false;
    this.lastSignAt = this.lastOutputAt = performance.now();
    this.arm();
  }

  close(): void {
    this.isClosed = true;
    clearTimeout(this.silence);
    clearTimeout(this.notice);
    this.leaveQueue();
  }

  private become(activity: ModelActivity): void {
    if (this.activity === activity) return;
    this.activity = activity;
    this.options.onActivity(activity);
  }

  private notBegunYet(): void {
    if (this.hasBegun) return;
    this.wasQueued ||= isBehindAnother(this.route, this);
    this.become("queued");
  }

  private arm(): void {
    if (!this.isClosed) this.silence.refresh();
  }

  private async expire(): Promise<void> {
    const seen = this.lastSignAt;
    // If this process was busy, the server's output may still be unread.
    for (let turns = 0; turns < 3; turns++) await nextTurn();
    if (this.isConsumerBusy || this.isClosed) return;
    if (this.lastSignAt !== seen) return this.arm();
    if (this.hasBegun) return this.fail(silent(this.route.silentMs / 1_000));
    const isQueued = isBehindAnother(this.route, this) || (await this.options.isAtWork());
    if (this.hasBegun) return;
    this.wasQueued ||= isQueued;
    if (!isQueued) this.fail(silent(this.route.silentMs / 1_000));
    else if (performance.now() - this.startedAt > this.waitMs) this.fail(noResponse("queued"));
    else this.arm();
  }

  private get waitMs(): number {
    return Math.max(LIMITS.model.waitMs, this.route.silentMs);
  }

  private get quietMs(): number {
    return Math.max(LIMITS.model.quietMs, this.route.silentMs);
  }
}
