import { Backoff } from "@redline/core/backoff";
import type { ReplyEvent } from "@redline/core/threads/schema";

/** A reply received so far. */
export type PartialReply = {
  text: string;
  model?: string;
  /** The current step before text arrives. */
  status?: string;
  /** Number of proposals so far; the thread holds them. */
  proposals: number;
  end?: Extract<ReplyEvent, { type: "end" }>;
  /** True while the connection is lost and being retried. */
  isDisconnected: boolean;
};

export const EMPTY_REPLY: PartialReply = { text: "", proposals: 0, isDisconnected: false };

/** The subset of `EventSource` used; tests provide a fake. */
export type EventStream = Pick<EventSource, "close" | "readyState"> & {
  addEventListener: (type: string, listener: (event: Event) => void) => void;
};

type Settings = {
  open: (url: string) => EventStream;
  onChange: (reply: PartialReply) => void;
  /** Called when the log ends; the thread then holds the whole reply. */
  onEnd: () => void;
};

const CLOSED = 2;
const RETRY_MIN_MS = 500;
const RETRY_MAX_MS = 8_000;

/**
 * Follows a reply's log and assembles it, processing each event once. `EventSource` reconnects while the server
 * responds; if it gives up, a new one resumes after the last event.
 */
export class ReplyFollower {
  #seen = 0;
  #reply = EMPTY_REPLY;
  #source: EventStream | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #backoff = new Backoff(RETRY_MIN_MS, RETRY_MAX_MS);
  #isDone = false;

  constructor(
    private readonly logId: string,
    private readonly settings: Settings,
  ) {}

  start(): void {
    if (this.#isDone) return;
    clearTimeout(this.#timer);
    this.#source?.close();
    const source = this.settings.open(`/logs/${this.logId}${this.#seen > 0 ? `?after=${this.#seen}` : ""}`);
    this.#source = source;
    const isCurrent = () => this.#source === source;
    source.addEventListener("open", () => {
      if (!isCurrent()) return;
      this.#backoff.reset();
      this.#set({ isDisconnected: false });
    });
    source.addEventListener("message", (event) => isCurrent() && this.#receive(event as MessageEvent<string>));
    source.addEventListener("end", () => isCurrent() && this.#end());
    source.addEventListener("error", () => {
      if (!isCurrent()) return;
      this.#set({ isDisconnected: true });
      if (source.readyState !== CLOSED) return;
      this.#timer = setTimeout(() => this.start(), this.#backoff.nextMs());
    });
  }

  /** Reconnects immediately if disconnected. */
  retry(): void {
    if (this.#reply.isDisconnected) this.start();
  }

  stop(): void {
    this.#isDone = true;
    clearTimeout(this.#timer);
    this.#source?.close();
    this.#source = undefined;
  }

  #receive({ data, lastEventId }: MessageEvent<string>): void {
    const sequence = Number(lastEventId);
    if (sequence <= this.#seen) return;
    this.#seen = sequence;
    const event = JSON.parse(data) as ReplyEvent;
    switch (event.type) {
      case "text":
        this.#set({ text: this.#reply.text + event.text, status: undefined });
        break;
      case "kept":
        this.#set({ text: this.#reply.text.slice(0, event.chars) });
        break;
      case "model":
        this.#set({ model: event.name });
        break;
      case "progress":
        this.#set({ status: event.text });
        break;
      case "proposal":
        this.#set({ proposals: this.#reply.proposals + 1, status: undefined });
        break;
      case "end":
        this.#set({ end: event, status: undefined });
        this.#end();
    }
  }

  #end(): void {
    if (this.#isDone) return;
    this.stop();
    this.settings.onEnd();
  }

  #set(change: Partial<PartialReply>): void {
    this.#reply = { ...this.#reply, ...change };
    this.settings.onChange(this.#reply);
  }
}
