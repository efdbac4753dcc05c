/**
 * The one LevelDB behind the laptop's DynamoDB, S3 and SQS.
 *
 * Every service owns a key prefix (`dynamodb~`, `s3~`, `sqs~`) and writes only below it. A call of a service's API
 * ends in exactly one `batch`, so that kill -9 never leaves half a call behind. Unless the store is durable nothing is
 * fsynced: what was acknowledged survives the death of the process, not of the machine.
 */
import { DataFolder, DataFolderInUse } from "./store/data-folder";
import { LevelStore } from "./store/level-store";
import { openLevel } from "./store/open-level";
import type { StorageUnavailable } from "./store/storage-unavailable";

export type StoreOperation = { type: "put"; key: string; value: unknown } | { type: "del"; key: string };

/** Bounds are keys, compared by their UTF-8 bytes; at most one of `gt`/`gte` and one of `lt`/`lte`. */
export interface StoreRange {
  gt?: string;
  gte?: string;
  lt?: string;
  lte?: string;
  /** At most this many entries; all of them when absent. */
  limit?: number;
  reverse?: boolean;
}

export interface Store {
  /** The value as JSON gave it back, or undefined when there is no such key. */
  get<T>(key: string): Promise<T | undefined>;
  /** All keys read from one snapshot, in the order asked. */
  getMany<T>(keys: string[]): Promise<(T | undefined)[]>;
  put(key: string, value: unknown): Promise<void>;
  del(key: string): Promise<void>;
  /**
   * All or nothing, also under kill -9. Batches take effect in the order of the calls.
   * @throws {StorageUnavailable} when it could not be written; then nothing of it happened, unless that is in doubt
   */
  batch(operations: StoreOperation[]): Promise<void>;
  /** Entries in key order, from one snapshot taken at the first read. */
  iterate<T>(range: StoreRange): AsyncIterable<[key: string, value: T]>;
  /** The reason why writes fail at present, since one did; undefined when no problem is known. */
  readonly unavailable: StorageUnavailable | undefined;
  /** Finds out by writing. @throws {StorageUnavailable} */
  requireWritable(): Promise<void>;
  /** Called after a failed write once the store can be written again, before the next write: memory may be ahead of it. */
  onReopened(reload: () => Promise<void>): void;
  close(): Promise<void>;
}

/** Time that a start waits for an owner that is dying: kill -9, then start again, is a normal thing to do. */
const DYING_OWNER_WAIT_MS = 5_000;
const RECOVER_EVERY_MS = 500;

export interface StoreOptions {
  waitMs?: number;
  /** Waits for the disk before it acknowledges. */
  isDurable?: boolean;
  /** Interval at which a store that could not be written is retried. */
  recoverEveryMs?: number;
  /** Reports events of the data folder to the person who runs Redline. */
  say?: (sentence: string) => void;
}

/**
 * Opens `<dataDir>/cloud`, creating it when missing.
 * @throws {DataFolderInUse} when another process still owns it after `waitMs`
 * @throws {StorageUnavailable} when it cannot be written or read
 */
export async function openStore(
  dataDir: string,
  {
    waitMs = DYING_OWNER_WAIT_MS,
    isDurable = false,
    recoverEveryMs = RECOVER_EVERY_MS,
    say = sayOnStderr,
  }: StoreOptions = {},
): Promise<Store> {
  const folder = new DataFolder(dataDir);
  try {
    await folder.own(waitMs);
    try {
      folder.probe();
      const opened = await openLevel(folder, { isDurable, say });
      const open = (lastAcknowledged: number) => openLevel(folder, { isDurable, say, lastAcknowledged });
      return new LevelStore({ folder, opened, open, isDurable, recoverEveryMs, say });
    } catch (error) {
      await folder.release();
      throw error;
    }
  } catch (error) {
    throw error instanceof DataFolderInUse ? error : folder.trouble(error);
  }
}

function sayOnStderr(sentence: string): void {
  process.stderr.write(`${sentence}\n`);
}
