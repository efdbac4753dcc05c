import { Backoff } from "@redline/core/backoff";
import { LIMITS } from "@redline/core/limits";

/** A message to a follower of an event log. A lost connection is retried. */
export type LogMessage =
  | { type: "event"; sequence: number; data: string }
  | { type: "end" }
  | { type: "connection"; isLost: boolean };

export type LogListener = (message: LogMessage) => void;

/** The subset of `EventSource` used; tests provide a fake. */
export type EventStream = Pick<EventSource, "close"> & {
  addEventListener: (type: string, listener: (event: Event) => void) => void;
};

type Follower = { logId: string; seen: number; listen: LogListener };

const RETRY_MIN_MS = 500;
const RETRY_MAX_MS = 8_000;

/**
 * Follows any number of event logs over one connection. Each follower receives each event after its own once, in order;
 * when the connection is lost, a new one resumes after the last events.
 */
export class LogStream {
  readonly #followers = new Set<Follower>();
  /** The last sequence of each log that this connection delivered, or resumed after. */
  #positions = new Map<string, number>();
  #source: EventStream | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isLost = false;
  readonly #backoff = new Backoff(RETRY_MIN_MS, RETRY_MAX_MS);

  constructor(private readonly open: (url: string) => EventStream) {}

  /** Follows a log after a sequence number. Returns how to stop. */
  follow(logId: string, after: number, listen: LogListener): () => void {
    const follower = { logId, seen: after, listen };
    this.#followers.add(follower);
    const position = this.#positions.get(logId);
    // A tick later, so that logs that are followed together share the first connection.
    if (position === undefined || position > after) this.#connectAfter(0);
    return () => {
      if (this.#followers.delete(follower) && this.#followers.size === 0) this.close();
    };
  }

  /** Reconnects immediately if the connection is lost. */
  retry(): void {
    if (this.#isLost) this.#connectAfter(0);
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#source?.close();
    this.#source = undefined;
    this.#positions.clear();
  }

  #connectAfter(delayMs: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#connect(), delayMs);
  }

  #connect(): void {
    this.close();
    for (const { logId, seen } of this.#followers) {
      if (this.#positions.size === LIMITS.eventLog.maxLogs && !this.#positions.has(logId)) continue;
      this.#positions.set(logId, Math.min(seen, this.#positions.get(logId) ?? seen));
    }
    const logs = [...this.#positions.keys()];
    if (logs.length === 0) return;
    const source = this.open(`/logs/${logs.join(",")}?after=${[...this.#positions.values()].join(",")}`);
    this.#source = source;
    const on = (type: string, listener: (event: MessageEvent<string>) => void) =>
      source.addEventListener(type, (event) => this.#source === source && listener(event as MessageEvent<string>));
    // Events of several logs are named by their log.
    for (const logId of logs) {
      on(logs.length === 1 ? "message" : logId, ({ data, lastEventId }) =>
        this.#receive(logId, Number(lastEventId), data),
      );
    }
    on("end", ({ data }) => this.#end(parseLogId(data) ?? logs[0] ?? ""));
    on("failed", ({ data }) => {
      this.#notify(parseLogId(data) ?? "", { type: "connection", isLost: true });
      this.#connectAfter(RETRY_MAX_MS);
    });
    on("open", () => {
      this.#backoff.reset();
      this.#setLost(false);
    });
    on("error", () => {
      // It would resume after the last event of one log only.
      source.close();
      this.#setLost(true);
      this.#connectAfter(this.#backoff.nextMs());
    });
  }

  #receive(logId: string, sequence: number, data: string): void {
    this.#positions.set(logId, sequence);
    for (const follower of [...this.#followers]) {
      if (follower.logId !== logId || follower.seen >= sequence) continue;
      follower.seen = sequence;
      follower.listen({ type: "event", sequence, data });
    }
  }

  #end(logId: string): void {
    this.#positions.delete(logId);
    for (const follower of [...this.#followers]) {
      if (follower.logId !== logId) continue;
      this.#followers.delete(follower);
      follower.listen({ type: "end" });
    }
    if (this.#followers.size === 0) this.close();
  }

  #setLost(isLost: boolean): void {
    this.#isLost = isLost;
    for (const logId of [...this.#positions.keys()]) this.#notify(logId, { type: "connection", isLost });
  }

  #notify(logId: string, message: LogMessage): void {
    for (const follower of [...this.#followers]) if (follower.logId === logId) follower.listen(message);
  }
}

const parseLogId = (data: string): string | undefined => (JSON.parse(data) as { log?: string }).log;
