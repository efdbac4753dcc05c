/**
 * The tables' change streams: one log for all tables, in the order of commits, whose records are written in the batch of
 * the write that they tell of.
 */
import { LOCAL_REGION } from "../credentials";
import type { Store, StoreOperation } from "../store";
import { CHECKPOINT_ROWS, HIGHEST, SEQUENCE_ROW, STREAM_ROWS, streamRow } from "./keys";
import { type Item, keyAttributes, sameItem, type Table } from "./model";
import { itemBytes } from "./sizes";

/** A record as stored. */
export interface StreamRecord {
  sequence: number;
  tableName: string;
  streamArn: string;
  viewType: string;
  atMs: number;
  keys: Item;
  before?: Item;
  after?: Item;
  expired?: true;
}

/** One item's change, as the log wants to know it. */
export interface ItemChange {
  table: Table;
  before?: Item;
  after?: Item;
  /** Removed by the table's expiry, not by a caller. */
  expired?: true;
}

/** Records of one table, and of items that have a text in the attribute `having`; all of them when absent. */
export interface StreamFilter {
  tableName?: string;
  having?: string;
}

const HOUR_MS = 3_600_000;
/** The time for which acknowledged records stay, for readers with an SDK client. */
const KEEP_ACKNOWLEDGED_MS = HOUR_MS;
/** Retention of records that no consumer ever acknowledged, as on AWS. */
const KEEP_UNREAD_MS = 24 * HOUR_MS;
const TRIM_BATCH_RECORDS = 1_000;

export class StreamLog {
  private assigned = 0;
  private visible = 0;
  private waiting = new Set<() => void>();

  private constructor(private readonly store: Store) {}

  static async load(store: Store): Promise<StreamLog> {
    const log = new StreamLog(store);
    log.assigned = (await store.get<number>(SEQUENCE_ROW)) ?? 0;
    log.visible = log.assigned;
    return log;
  }

  /** The sequence number of the last committed record. */
  get latest(): number {
    return this.visible;
  }

  /**
   * The operations to add to the batch of the changes. Must be called in the same turn as `store.batch`, so that the
   * numbers are in the order of the commits. A change that leaves the item as it was has no record.
   */
  operations(changes: ItemChange[]): StoreOperation[] {
    const operations: StoreOperation[] = [];
    for (const { table, before, after, expired } of changes) {
      const { StreamSpecification, LatestStreamArn, TableName, KeySchema } = table.description;
      const item = after ?? before;
      if (!StreamSpecification?.StreamEnabled || !LatestStreamArn || !item || sameItem(before, after)) continue;
      const record: StreamRecord = {
        sequence: ++this.assigned,
        tableName: TableName,
        streamArn: LatestStreamArn,
        viewType: StreamSpecification.StreamViewType ?? "NEW_AND_OLD_IMAGES",
        atMs: Date.now(),
        keys: keyAttributes(item, KeySchema),
        before,
        after,
        expired,
      };
      operations.push({ type: "put", key: streamRow(record.sequence), value: record });
    }
    if (operations.length > 0) operations.push({ type: "put", key: SEQUENCE_ROW, value: this.assigned });
    return operations;
  }

  /** To be called with the number that was the last one when the batch was handed in, once it is committed. */
  committed(sequence: number): void {
    if (sequence <= this.visible) return;
    this.visible = sequence;
    for (const wake of this.waiting) wake();
  }

  /** The last number given out, committed or not. */
  get lastAssigned(): number {
    return this.assigned;
  }

  /** Committed records after that number that pass the filter, oldest first, and the number up to which was looked. */
  async read(
    after: number,
    limit: number,
    { tableName, having }: StreamFilter = {},
  ): Promise<{ records: StreamRecord[]; lookedUpTo: number }> {
    const records: StreamRecord[] = [];
    const last = this.visible;
    for await (const [, record] of this.store.iterate<StreamRecord>({ gt: streamRow(after), lte: streamRow(last) })) {
      if (tableName !== undefined && record.tableName !== tableName) continue;
      if (having !== undefined && record.after?.[having]?.S === undefined) continue;
      records.push(record);
      if (records.length === limit) return { records, lookedUpTo: record.sequence };
    }
    return { records, lookedUpTo: Math.max(after, last) };
  }

  /** Resolves when there may be records after that number, when the time is up, or when the caller is gone. */
  async wait(after: number, waitMs: number, gone: AbortSignal): Promise<void> {
    if (this.visible > after || waitMs <= 0 || gone.aborted) return;
    await new Promise<void>((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.waiting.delete(done);
        gone.removeEventListener("abort", done);
        resolve();
      };
      const timer = setTimeout(done, waitMs);
      this.waiting.add(done);
      gone.addEventListener("abort", done);
    });
  }

  /** Returns the last sequence number that the consumer acknowledged; 0 before its first acknowledgement. */
  async checkpoint(consumer: string): Promise<number> {
    return (await this.store.get<number>(CHECKPOINT_ROWS + consumer)) ?? 0;
  }

  /** Everything up to that number has been worked on. Never goes back. */
  async acknowledge(consumer: string, sequence: number): Promise<void> {
    if (sequence > (await this.checkpoint(consumer))) await this.store.put(CHECKPOINT_ROWS + consumer, sequence);
  }

  /** Removes old records. One that a known consumer has not acknowledged stays, however old: it announces something. */
  async trim(nowMs = Date.now()): Promise<number> {
    let acknowledged = Number.POSITIVE_INFINITY;
    let consumers = 0;
    for await (const [, sequence] of this.store.iterate<number>({
      gt: CHECKPOINT_ROWS,
      lt: CHECKPOINT_ROWS + HIGHEST,
    })) {
      acknowledged = Math.min(acknowledged, sequence);
      consumers++;
    }
    const keepMs = consumers > 0 ? KEEP_ACKNOWLEDGED_MS : KEEP_UNREAD_MS;
    let trimmed = 0;
    let operations: StoreOperation[] = [];
    for await (const [key, record] of this.store.iterate<StreamRecord>({
      gt: STREAM_ROWS,
      lt: STREAM_ROWS + HIGHEST,
    })) {
      if (record.sequence > acknowledged || record.atMs > nowMs - keepMs) break;
      operations.push({ type: "del", key });
      trimmed++;
      if (operations.length === TRIM_BATCH_RECORDS) {
        await this.store.batch(operations);
        operations = [];
      }
    }
    await this.store.batch(operations);
    return trimmed;
  }
}

/** The record as Lambda and the Streams API show it. */
export function shownRecord(record: StreamRecord): Record<string, unknown> {
  const { keys, before, after, viewType } = record;
  const showsOld = viewType === "NEW_AND_OLD_IMAGES" || viewType === "OLD_IMAGE";
  const showsNew = viewType === "NEW_AND_OLD_IMAGES" || viewType === "NEW_IMAGE";
  const images = {
    ...(showsOld && before ? { OldImage: before } : {}),
    ...(showsNew && after ? { NewImage: after } : {}),
  };
  return {
    eventID: sequenceText(record.sequence),
    eventName: before ? (after ? "MODIFY" : "REMOVE") : "INSERT",
    eventVersion: "1.1",
    eventSource: "aws:dynamodb",
    awsRegion: LOCAL_REGION,
    dynamodb: {
      ApproximateCreationDateTime: Math.floor(record.atMs / 1000),
      Keys: keys,
      ...images,
      SequenceNumber: sequenceText(record.sequence),
      SizeBytes: [keys, ...Object.values(images)].reduce((sum, item) => sum + itemBytes(item), 0),
      StreamViewType: viewType,
    },
    ...(record.expired ? { userIdentity: { type: "Service", principalId: "dynamodb.amazonaws.com" } } : {}),
  };
}

/** AWS's sequence numbers have at least 21 digits. */
export const sequenceText = (sequence: number): string => String(sequence).padStart(21, "0");
