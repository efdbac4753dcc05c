/**
 * One queue: its messages in memory, in the order they came, and what each change means for the store.
 *
 * Methods change the memory at once and return the operations for the call's one batch. They never wait in between, so
 * no message is ever given to two receivers.
 */
import { randomUUID } from "node:crypto";
import { LOCAL_ACCOUNT, LOCAL_REGION } from "../credentials";
import type { StoreOperation } from "../store";
import type { QueueAttributes } from "./attributes";
import { SqsError } from "./errors";
import type { Message } from "./message";
import { textOf } from "./text-of";

export const QUEUE_ROWS = "sqs~queue~";
export const MESSAGE_ROWS = "sqs~message~";
export const DEDUPLICATION_ROWS = "sqs~deduplication~";
const DEDUPLICATION_MS = 5 * 60_000;

/** A queue as stored, without its messages. */
export interface StoredQueue {
  name: string;
  attributes: QueueAttributes;
  createdAtMs: number;
  changedAtMs: number;
}

/** A message that was sent lately to a FIFO queue: sending it again returns the same and does nothing. */
export interface Sent {
  atMs: number;
  messageId: string;
  sequence: number;
}

export interface Taken {
  message: Message;
  receipt: string;
}

export class Queue {
  readonly messages = new Map<number, Message>();
  private readonly sentLately = new Map<string, Sent>();
  private readonly waiting = new Set<() => void>();

  constructor(readonly stored: StoredQueue) {}

  get name(): string {
    return this.stored.name;
  }

  get arn(): string {
    return queueArn(this.name);
  }

  get isFifo(): boolean {
    return this.name.endsWith(".fifo");
  }

  /** The attribute's value, in milliseconds. */
  milliseconds(attribute: keyof QueueAttributes): number {
    return Number(this.stored.attributes[attribute]) * 1_000;
  }

  save(): StoreOperation {
    return { type: "put", key: QUEUE_ROWS + this.name, value: this.stored };
  }

  /** Everything that is stored of the queue but the queue itself. */
  removeAll(): StoreOperation[] {
    const operations = [...this.messages.values()].map((message) => this.removal(message));
    this.messages.clear();
    return operations;
  }

  removeRecords(): StoreOperation[] {
    return [...this.sentLately.keys()].map((id) => ({ type: "del", key: this.sentRow(id) }));
  }

  add(message: Message): StoreOperation {
    this.messages.set(message.sequence, message);
    this.wake();
    return this.put(message);
  }

  remove(message: Message): StoreOperation {
    this.messages.delete(message.sequence);
    this.wake();
    return this.removal(message);
  }

  /** Hides the message until then; a time in the past shows it. */
  hide(message: Message, untilMs: number): StoreOperation {
    message.visibleAtMs = untilMs;
    this.wake();
    return this.put(message);
  }

  /** Undoes a receive whose receiver was gone before it could be told. */
  giveBack({ message, receipt }: Taken): StoreOperation[] {
    if (message.receipt !== receipt || !this.messages.has(message.sequence)) return [];
    message.receives--;
    message.receipt = undefined;
    return [this.hide(message, 0)];
  }

  /** Undoes every unacknowledged receive: all receivers are dead. */
  returnInFlight(nowMs: number): StoreOperation[] {
    const inFlight = [...this.messages.values()].filter(({ receipt, visibleAtMs }) => receipt && visibleAtMs > nowMs);
    return inFlight.flatMap((message) => this.giveBack({ message, receipt: message.receipt as string }));
  }

  /** The visible messages in order, none of a FIFO group that has a message out; and when the next one shows. */
  visible(nowMs: number, limit: number): { messages: Message[]; nextAtMs: number } {
    const messages: Message[] = [];
    const heldGroups = new Set<string>();
    const isFair = !this.isFifo && Number.isFinite(limit);
    let nextAtMs = Number.POSITIVE_INFINITY;
    for (const message of this.messages.values()) {
      if (messages.length === limit && !isFair) break;
      const group = this.isFifo ? message.groupId : undefined;
      if (message.visibleAtMs > nowMs) {
        nextAtMs = Math.min(nextAtMs, message.visibleAtMs);
        if (group !== undefined) heldGroups.add(group);
      } else if (group === undefined || !heldGroups.has(group)) messages.push(message);
    }
    return { messages: isFair ? this.inFairOrder(messages, nowMs, limit) : messages, nextAtMs };
  }

  /**
   * The next messages of a standard queue: those of the group that has the fewest in flight first, and in the order they
   * were sent where that is the same. A message without a group is one of its own. AWS begins with this at some thirty
   * messages in flight, which a laptop never has.
   */
  private inFairOrder(messages: Message[], nowMs: number, limit: number): Message[] {
    if (messages.every(({ groupId }) => groupId === undefined)) return messages.slice(0, limit);
    const inFlight = new Map<string, number>();
    const add = ({ groupId }: Message) => groupId !== undefined && inFlight.set(groupId, heldBy(groupId) + 1);
    const heldBy = (groupId: string | undefined) => (groupId === undefined ? 0 : (inFlight.get(groupId) ?? 0));
    for (const message of this.messages.values()) if (message.receipt && message.visibleAtMs > nowMs) add(message);
    const chosen: Message[] = [];
    const left = new Set(messages);
    while (chosen.length < limit && left.size > 0) {
      let next: Message | undefined;
      for (const message of left) if (!next || heldBy(message.groupId) < heldBy(next.groupId)) next = message;
      if (!next) break;
      chosen.push(next);
      left.delete(next);
      add(next);
    }
    return chosen;
  }

  /** @param visibleAtMs the time at which it becomes visible again unless it is deleted */
  take(message: Message, nowMs: number, visibleAtMs: number): { taken: Taken; operation: StoreOperation } {
    const receipt = `${message.sequence}:${randomUUID()}`;
    message.receives++;
    message.firstReceivedAtMs ??= nowMs;
    message.receipt = receipt;
    message.visibleAtMs = visibleAtMs;
    return { taken: { message, receipt }, operation: this.put(message) };
  }

  /** The message that the handle was given out for, or undefined when it is gone or was received again since. */
  byReceipt(handle: unknown): Message | undefined {
    const sequence = /^(\d+):[0-9a-f-]{36}$/.exec(textOf(handle))?.[1];
    if (sequence === undefined)
      throw new SqsError(
        "ReceiptHandleIsInvalid",
        `The input receipt handle "${textOf(handle)}" is not a valid receipt handle.`,
      );
    const message = this.messages.get(Number(sequence));
    return message?.receipt === handle ? message : undefined;
  }

  /** Returns the message sent under this deduplication id in the last five minutes. */
  alreadySent(deduplicationId: string, nowMs: number): Sent | undefined {
    const sent = this.sentLately.get(deduplicationId);
    return sent && sent.atMs > nowMs - DEDUPLICATION_MS ? sent : undefined;
  }

  /** Also forgets what is too old to matter. */
  rememberSent(deduplicationId: string, sent: Sent): StoreOperation[] {
    const old = [...this.sentLately].filter(([, { atMs }]) => atMs <= sent.atMs - DEDUPLICATION_MS);
    for (const [id] of old) this.sentLately.delete(id);
    this.sentLately.set(deduplicationId, sent);
    return [
      ...old.map(([id]): StoreOperation => ({ type: "del", key: this.sentRow(id) })),
      { type: "put", key: this.sentRow(deduplicationId), value: sent },
    ];
  }

  /** For loading. */
  recall(deduplicationId: string, sent: Sent): void {
    this.sentLately.set(deduplicationId, sent);
  }

  /** Visible, received and not yet deleted, and not yet shown for the first time. */
  counts(nowMs: number): { visible: number; inFlight: number; delayed: number } {
    const counts = { visible: 0, inFlight: 0, delayed: 0 };
    for (const { visibleAtMs, receives } of this.messages.values())
      counts[visibleAtMs <= nowMs ? "visible" : receives > 0 ? "inFlight" : "delayed"]++;
    return counts;
  }

  /** Returns the age of the oldest message, in-flight ones included; 0 for an empty queue. */
  ageSeconds(nowMs: number): number {
    const oldestMs = [...this.messages.values()].reduce((oldest, { sentAtMs }) => Math.min(oldest, sentAtMs), nowMs);
    return Math.floor((nowMs - oldestMs) / 1_000);
  }

  /** Resolves when something changed, at the latest after `waitMs` or when the caller is gone. */
  async changed(waitMs: number, gone: AbortSignal): Promise<void> {
    await new Promise<void>((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.waiting.delete(done);
        gone.removeEventListener("abort", done);
        resolve();
      };
      const timer = setTimeout(done, Math.max(0, waitMs));
      this.waiting.add(done);
      gone.addEventListener("abort", done);
    });
  }

  wake(): void {
    for (const wake of [...this.waiting]) wake();
  }

  private put(message: Message): StoreOperation {
    // A copy: the store keeps what it is given until it is written, and the message goes on changing.
    return { type: "put", key: this.messageRow(message), value: { ...message } };
  }

  private removal(message: Message): StoreOperation {
    return { type: "del", key: this.messageRow(message) };
  }

  private messageRow({ sequence }: Message): string {
    return `${MESSAGE_ROWS}${this.name}~${String(sequence).padStart(16, "0")}`;
  }

  private sentRow(deduplicationId: string): string {
    return `${DEDUPLICATION_ROWS}${this.name}~${deduplicationId}`;
  }
}

export const queueArn = (name: string): string => `arn:aws:sqs:${LOCAL_REGION}:${LOCAL_ACCOUNT}:${name}`;
export const queueNameIn = (arn: unknown): string => (typeof arn === "string" ? (arn.split(":").pop() ?? "") : "");
