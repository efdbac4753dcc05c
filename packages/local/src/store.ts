/**
 * The one LevelDB behind the laptop's DynamoDB, S3 and SQS.
 *
 * Every service owns a key prefix (`dynamodb~`, `s3~`, `sqs~`) and writes only below it. A call of a service's API
 * ends in exactly one `batch`, so that kill -9 never leaves half a call behind. Nothing is fsynced: what was
 * acknowledged survives the death of the process, not of the machine.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ClassicLevel } from "classic-level";

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
  /** All or nothing, also under kill -9. Batches take effect in the order of the calls. */
  batch(operations: StoreOperation[]): Promise<void>;
  /** Entries in key order, from one snapshot taken at the first read. */
  iterate<T>(range: StoreRange): AsyncIterable<[key: string, value: T]>;
  close(): Promise<void>;
}

/** The data folder has a living owner. The message is the one sentence to show to a person. */
export class DataFolderInUse extends Error {
  override readonly name = "DataFolderInUse";
}

/** How long a second start waits for an owner that is dying: kill -9, then start again, is a normal thing to do. */
const DYING_OWNER_WAIT_MS = 5_000;
const READ_AHEAD_ENTRIES = 100;

/**
 * Opens `<dataDir>/cloud`, creating it when missing.
 * @throws {DataFolderInUse} when another process still owns it after `waitMs`.
 */
export async function openStore(dataDir: string, { waitMs = DYING_OWNER_WAIT_MS } = {}): Promise<Store> {
  const folder = join(resolve(dataDir), "cloud");
  const ownerFile = join(folder, "owner.pid");
  mkdirSync(folder, { recursive: true });
  const level = new ClassicLevel<string, unknown>(join(folder, "level"), {
    valueEncoding: "json",
    cacheSize: 4 * 1024 * 1024,
    writeBufferSize: 2 * 1024 * 1024,
  });
  const deadline = Date.now() + waitMs;
  for (;;) {
    try {
      await level.open();
      break;
    } catch (error) {
      if (!isLocked(error)) throw error;
      if (Date.now() >= deadline) throw new DataFolderInUse(inUseSentence(dataDir, ownerFile), { cause: error });
      await sleep(100);
    }
  }
  writeFileSync(ownerFile, String(process.pid));
  return new LevelStore(level, () => rmSync(ownerFile, { force: true }));
}

function isLocked(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause)
    if ("code" in cause && cause.code === "LEVEL_LOCKED") return true;
  return false;
}

function inUseSentence(dataDir: string, ownerFile: string): string {
  let pid = "unknown";
  try {
    pid = readFileSync(ownerFile, "utf8");
  } catch {
    // The owner has the lock but has not written its number yet; the sentence is clear without it.
  }
  return `Redline is already running on ${resolve(dataDir)} (pid ${pid}).`;
}

interface PendingBatch {
  operations: StoreOperation[];
  resolve: () => void;
  reject: (error: unknown) => void;
}

class LevelStore implements Store {
  private pending: PendingBatch[] = [];
  private committing: Promise<void> | undefined;

  constructor(
    private readonly level: ClassicLevel<string, unknown>,
    private readonly forgetOwner: () => void,
  ) {}

  async get<T>(key: string): Promise<T | undefined> {
    return (await this.level.get(key)) as T | undefined;
  }

  async getMany<T>(keys: string[]): Promise<(T | undefined)[]> {
    return (await this.level.getMany(keys)) as (T | undefined)[];
  }

  put(key: string, value: unknown): Promise<void> {
    return this.batch([{ type: "put", key, value }]);
  }

  del(key: string): Promise<void> {
    return this.batch([{ type: "del", key }]);
  }

  batch(operations: StoreOperation[]): Promise<void> {
    if (operations.length === 0) return Promise.resolve();
    return new Promise((resolve, reject) => {
      this.pending.push({ operations, resolve, reject });
      this.committing ??= this.commitPending();
    });
  }

  /**
   * One LevelDB batch in flight at a time, holding everything that waited meanwhile. LevelDB would run two batches in
   * any order, and a stream reader that saw the later one first would skip the earlier one for ever.
   */
  private async commitPending(): Promise<void> {
    while (this.pending.length > 0) {
      const batches = this.pending;
      this.pending = [];
      try {
        await this.level.batch(batches.flatMap((batch) => batch.operations));
        for (const batch of batches) batch.resolve();
      } catch (error) {
        for (const batch of batches) batch.reject(error);
      }
    }
    this.committing = undefined;
  }

  async *iterate<T>(range: StoreRange): AsyncIterable<[string, T]> {
    const iterator = this.level.iterator({ ...range, limit: range.limit ?? -1 });
    try {
      for (;;) {
        const entries = await iterator.nextv(Math.min(READ_AHEAD_ENTRIES, range.limit ?? READ_AHEAD_ENTRIES));
        if (entries.length === 0) return;
        for (const entry of entries) yield entry as [string, T];
      }
    } finally {
      await iterator.close();
    }
  }

  async close(): Promise<void> {
    await this.committing;
    this.forgetOwner();
    await this.level.close();
  }
}
