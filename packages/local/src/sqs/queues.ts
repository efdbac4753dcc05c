/** All queues. In memory: the store is where they come from after a start, and what every call writes to. */
import type { Store } from "../store";
import { changedAttributes, newAttributes, type QueueAttributes } from "./attributes";
import { noSuchQueue, SqsError } from "./errors";
import type { Message } from "./message";
import { DEDUPLICATION_ROWS, MESSAGE_ROWS, QUEUE_ROWS, Queue, queueNameIn, type Sent, type StoredQueue } from "./queue";

export class Queues {
  private readonly byName = new Map<string, Queue>();
  private nextSequence = 1;

  private constructor(private readonly store: Store) {}

  static async load(store: Store): Promise<Queues> {
    const queues = new Queues(store);
    for await (const [, stored] of store.iterate<StoredQueue>({ gt: QUEUE_ROWS, lt: `${QUEUE_ROWS}~` }))
      queues.byName.set(stored.name, new Queue(stored));
    for await (const [row, message] of store.iterate<Message>({ gt: MESSAGE_ROWS, lt: `${MESSAGE_ROWS}~` })) {
      queues.byName.get(nameIn(row, MESSAGE_ROWS))?.messages.set(message.sequence, message);
      queues.nextSequence = Math.max(queues.nextSequence, message.sequence + 1);
    }
    for await (const [row, sent] of store.iterate<Sent>({ gt: DEDUPLICATION_ROWS, lt: `${DEDUPLICATION_ROWS}~` })) {
      const name = nameIn(row, DEDUPLICATION_ROWS);
      queues.byName.get(name)?.recall(row.slice(DEDUPLICATION_ROWS.length + name.length + 1), sent);
      queues.nextSequence = Math.max(queues.nextSequence, sent.sequence + 1);
    }
    return queues;
  }

  all(): Queue[] {
    return [...this.byName.values()];
  }

  find(name: string): Queue | undefined {
    return this.byName.get(name);
  }

  /** @param url any address whose last part is the queue's name. @throws {SqsError} QueueDoesNotExist */
  byUrl(url: unknown): Queue {
    const queue = typeof url === "string" ? this.byName.get(url.split("/").pop() ?? "") : undefined;
    if (!queue) throw noSuchQueue();
    return queue;
  }

  byArn(arn: unknown): Queue | undefined {
    return this.byName.get(queueNameIn(arn));
  }

  sequence(): number {
    return this.nextSequence++;
  }

  /** The queue that is there when its attributes are no others. @throws {SqsError} */
  async create(name: unknown, given: Record<string, string>): Promise<Queue> {
    if (typeof name !== "string" || !/^[\w-]{1,75}(\.fifo)?$/.test(name))
      throw new SqsError(
        "InvalidParameterValue",
        "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length",
      );
    const attributes = newAttributes(name, given);
    const existing = this.byName.get(name);
    if (existing) {
      const before = existing.stored.attributes;
      const other = (Object.keys(given) as (keyof QueueAttributes)[]).find((key) => given[key] !== before[key]);
      if (other)
        throw new SqsError(
          "QueueNameExists",
          `A queue already exists with the same name and a different value for attribute ${other}`,
          "QueueAlreadyExists",
        );
      return existing;
    }
    const now = Date.now();
    const queue = new Queue({ name, attributes, createdAtMs: now, changedAtMs: now });
    this.byName.set(name, queue);
    await this.store.batch([queue.save()]);
    return queue;
  }

  async change(queue: Queue, given: Record<string, string>): Promise<void> {
    queue.stored.attributes = changedAttributes(queue.stored.attributes, given);
    queue.stored.changedAtMs = Date.now();
    await this.store.batch([queue.save()]);
    queue.wake();
  }

  async remove(queue: Queue): Promise<void> {
    this.byName.delete(queue.name);
    await this.store.batch([
      { type: "del", key: QUEUE_ROWS + queue.name },
      ...queue.removeAll(),
      ...queue.removeRecords(),
    ]);
    queue.wake();
  }
}

const nameIn = (row: string, rows: string) => row.slice(rows.length, row.indexOf("~", rows.length));
