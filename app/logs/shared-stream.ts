import { type EventStream, type LogListener, type LogMessage, LogStream } from "./log-stream";

const NAME = "redline-logs";

/** A message between tabs. */
type TabMessage =
  | { type: "lead" }
  | { type: "follow"; key: string; logId: string; after: number }
  | { type: "leave"; key: string }
  | { type: "deliver"; key: string; message: LogMessage };

type Followed = { logId: string; seen: number; listen: LogListener };

/** The features of the browser that a tab uses; tests provide fakes. */
export type Tab = {
  id: string;
  isVisible: () => boolean;
  /** Calls back once this tab alone has the lock, until the promise that it returns ends. */
  lock: (name: string, signal: AbortSignal, whileHeld: () => Promise<void>) => void;
  openChannel: (name: string) => Pick<BroadcastChannel, "postMessage" | "close" | "onmessage">;
  openStream: (url: string) => EventStream;
};

/**
 * Follows event logs over one stream per browser: the tab that holds a lock streams for all, and delivers to the others
 * over a channel. Hidden tabs follow nothing; they go on after the last event once they are visible.
 */
export class SharedStream {
  readonly #followed = new Map<string, Followed>();
  #nextKey = 1;
  #channel: ReturnType<Tab["openChannel"]> | undefined;
  #leave: AbortController | undefined;
  /** Set while this tab streams for all. */
  #stream: LogStream | undefined;
  /** Stops of the logs that this tab follows for all, by key. */
  readonly #led = new Map<string, () => void>();

  constructor(private readonly tab: Tab) {}

  /** Follows a log from its beginning. Returns how to stop. */
  follow(logId: string, listen: LogListener): () => void {
    const key = `${this.tab.id}.${this.#nextKey++}`;
    this.#followed.set(key, { logId, seen: 0, listen });
    if (this.#leave) this.#request(key);
    else this.update();
    return () => {
      if (this.#followed.delete(key)) this.#abandon(key);
    };
  }

  /** Joins or leaves the other tabs, as this one is visible and follows anything. */
  update(): void {
    const isNeeded = this.#followed.size > 0 && this.tab.isVisible();
    if (isNeeded && !this.#leave) this.#join();
    else if (!isNeeded && this.#leave) this.#part();
  }

  /** Reconnects immediately if the connection is lost. */
  retry(): void {
    this.#stream?.retry();
  }

  #join(): void {
    const leave = new AbortController();
    this.#leave = leave;
    this.#channel = this.tab.openChannel(NAME);
    this.#channel.onmessage = ({ data }: MessageEvent<TabMessage>) => this.#onMessage(data);
    for (const key of this.#followed.keys()) this.#request(key);
    this.tab.lock(NAME, leave.signal, () => {
      if (leave.signal.aborted) return Promise.resolve();
      this.#lead();
      return new Promise((resolve) => leave.signal.addEventListener("abort", () => resolve()));
    });
  }

  #part(): void {
    for (const key of this.#followed.keys()) this.#post({ type: "leave", key });
    this.#stream?.close();
    this.#stream = undefined;
    this.#led.clear();
    this.#channel?.close();
    this.#channel = undefined;
    this.#leave?.abort();
    this.#leave = undefined;
  }

  #lead(): void {
    this.#stream = new LogStream(this.tab.openStream);
    for (const key of this.#followed.keys()) this.#request(key);
    this.#post({ type: "lead" });
  }

  /** Has the leading tab follow a log for this one. */
  #request(key: string): void {
    const followed = this.#followed.get(key);
    if (!followed) return;
    const { logId, seen } = followed;
    if (this.#stream)
      this.#led.set(
        key,
        this.#stream.follow(logId, seen, (message) => this.#receive(key, message)),
      );
    else this.#post({ type: "follow", key, logId, after: seen });
  }

  #abandon(key: string): void {
    this.#led.get(key)?.();
    this.#led.delete(key);
    if (!this.#stream) this.#post({ type: "leave", key });
    this.update();
  }

  #onMessage(message: TabMessage): void {
    switch (message.type) {
      case "lead":
        for (const key of this.#followed.keys()) this.#request(key);
        break;
      case "deliver":
        this.#receive(message.key, message.message);
        break;
      case "follow": {
        const { key, logId, after } = message;
        if (!this.#stream) break;
        this.#led.get(key)?.();
        const deliver = (received: LogMessage) => {
          if (received.type === "end") this.#led.delete(key);
          this.#post({ type: "deliver", key, message: received });
        };
        this.#led.set(key, this.#stream.follow(logId, after, deliver));
        break;
      }
      case "leave":
        this.#led.get(message.key)?.();
        this.#led.delete(message.key);
    }
  }

  #receive(key: string, message: LogMessage): void {
    const followed = this.#followed.get(key);
    if (!followed) return;
    if (message.type === "event") {
      if (message.sequence <= followed.seen) return;
      followed.seen = message.sequence;
    }
    if (message.type === "end") {
      this.#followed.delete(key);
      this.#led.delete(key);
      this.update();
    }
    followed.listen(message);
  }

  #post(message: TabMessage): void {
    this.#channel?.postMessage(message);
  }
}
