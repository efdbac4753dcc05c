/**
 * The store over one LevelDB. After a write that failed nothing is written until LevelDB was closed, its logs were cut
 * behind the last acknowledged write, and it was opened again: LevelDB itself would go on behind a record that is there
 * in part, and at the next start drop everything from there on.
 */
import type { Store, StoreOperation, StoreRange } from "../store";
import { AcknowledgedView } from "./acknowledged-view";
import { type DataFolder, syncFolder } from "./data-folder";
import { COMMIT_KEY, checkLogs, cutLogs } from "./log-check";
import type { OpenedLevel } from "./open-level";
import type { StorageUnavailable } from "./storage-unavailable";

const READ_AHEAD_ENTRIES = 100;

interface PendingBatch {
  operations: StoreOperation[];
  resolve: () => void;
  reject: (error: unknown) => void;
}

export interface LevelStoreOptions {
  folder: DataFolder;
  opened: OpenedLevel;
  open: (lastAcknowledged: number) => Promise<OpenedLevel>;
  /** Waits for the disk at each write. */
  isDurable: boolean;
  /** Interval at which a store that could not be written is retried. */
  recoverEveryMs: number;
  say: (sentence: string) => void;
}

export class LevelStore implements Store {
  private readonly folder: DataFolder;
  /** Undefined where LevelDB could be closed and not be opened again. */
  private opened: OpenedLevel | undefined;
  private view: AcknowledgedView;
  private lastCommit: number;
  private pending: PendingBatch[] = [];
  private committing: Promise<void> | undefined;
  private trouble: StorageUnavailable | undefined;
  private recovery: NodeJS.Timeout | undefined;
  private recovering: Promise<void> | undefined;
  private reopening: Promise<void> | undefined;
  private isClosed = false;
  private readonly reloads: (() => Promise<void>)[] = [];

  constructor(private readonly options: LevelStoreOptions) {
    this.folder = options.folder;
    this.opened = options.opened;
    this.view = new AcknowledgedView(options.opened.level);
    this.lastCommit = options.opened.lastCommit;
  }

  get unavailable(): StorageUnavailable | undefined {
    return this.trouble;
  }

  async requireWritable(): Promise<void> {
    if (this.trouble) throw this.trouble;
    try {
      this.folder.requireStore();
      this.folder.probe();
    } catch (error) {
      throw this.folder.trouble(error);
    }
  }

  onReopened(reload: () => Promise<void>): void {
    this.reloads.push(reload);
  }

  get<T>(key: string): Promise<T | undefined> {
    return this.read(({ level, snapshot }) => level.get(key, { snapshot }) as Promise<T | undefined>);
  }

  getMany<T>(keys: string[]): Promise<(T | undefined)[]> {
    return this.read(({ level, snapshot }) => level.getMany(keys, { snapshot }) as Promise<(T | undefined)[]>);
  }

  async *iterate<T>(range: StoreRange): AsyncIterable<[string, T]> {
    const bounds = range.gt === undefined && range.gte === undefined ? { ...range, gt: COMMIT_KEY } : range;
    const view = await this.holdView();
    const { level, snapshot } = view;
    const iterator = level.iterator({ ...bounds, snapshot, limit: range.limit ?? -1 });
    try {
      for (;;) {
        const most = Math.min(READ_AHEAD_ENTRIES, range.limit ?? READ_AHEAD_ENTRIES);
        const entries = await iterator.nextv(most).catch((error) => this.unreadable(error));
        if (entries.length === 0) return;
        for (const entry of entries) yield entry as [string, T];
      }
    } finally {
      await iterator.close();
      view.release();
    }
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

  async close(): Promise<void> {
    this.isClosed = true;
    clearTimeout(this.recovery);
    await this.recovering;
    await this.committing;
    await this.closeLevel();
    await this.folder.release();
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
        await this.commit(batches);
        for (const batch of batches) batch.resolve();
      } catch (error) {
        const reason = isOfCaller(error) ? error : this.stop(error);
        for (const batch of batches) batch.reject(reason);
      }
    }
    this.committing = undefined;
  }

  private async commit(batches: PendingBatch[]): Promise<void> {
    if (this.trouble || !this.opened) throw this.trouble;
    const { level, mark } = this.opened;
    const { isDurable } = this.options;
    const commit = this.lastCommit + batches.length;
    const operations = batches.flatMap((batch) => batch.operations);
    await level.batch([{ type: "put", key: COMMIT_KEY, value: commit }, ...operations], { sync: isDurable });
    if (this.folder.requireGrownLog() && isDurable) syncFolder(this.folder.levelFolder);
    mark.write(commit);
    this.lastCommit = commit;
    this.view = this.view.replace();
  }

  /** From the first failed write on everything is refused, and from time to time tried whether it would go again. */
  private stop(error: unknown): StorageUnavailable {
    if (this.trouble) return this.trouble;
    this.trouble = this.folder.trouble(error);
    try {
      cutLogs(checkLogs(this.folder.levelFolder, this.lastCommit));
      // LevelDB took the write, and it can't be taken back from there.
      if (this.trouble.trouble === "removed") this.trouble = this.trouble.inDoubt;
    } catch {
      this.trouble = this.trouble.inDoubt;
    }
    this.options.say(`${this.trouble.reason} Until then nothing is saved.`);
    this.recoverLater();
    return this.trouble;
  }

  private recoverLater(): void {
    if (this.isClosed) return;
    const recover = async () => {
      try {
        await this.recover();
        this.trouble = undefined;
        this.options.say("Redline's data folder can be written again.");
      } catch (error) {
        this.trouble = this.folder.trouble(error);
        this.recoverLater();
      }
    };
    this.recovery = setTimeout(() => {
      this.recovering = recover();
    }, this.options.recoverEveryMs).unref();
  }

  /** Until there is space everything can still be read; then LevelDB is away for a moment that readers wait for. */
  private async recover(): Promise<void> {
    this.folder.requireStore();
    this.folder.probe({ isThorough: true });
    this.reopening = this.reopen();
    try {
      await this.reopening;
    } finally {
      this.reopening = undefined;
    }
    for (const reload of this.reloads) await reload();
  }

  private async reopen(): Promise<void> {
    // After its log was removed, only LevelDB's memory has the recent writes.
    if (this.trouble?.trouble === "removed")
      await this.opened?.level.compactRange(COMMIT_KEY, COMMIT_KEY).catch(() => undefined);
    await this.closeLevel();
    this.opened = await this.options.open(this.lastCommit);
    this.lastCommit = this.opened.lastCommit;
    this.view = new AcknowledgedView(this.opened.level);
  }

  private async closeLevel(): Promise<void> {
    const { opened } = this;
    this.opened = undefined;
    await opened?.level.close();
    opened?.mark.close();
  }

  private async read<T>(read: (view: AcknowledgedView) => Promise<T>): Promise<T> {
    const view = await this.holdView();
    return read(view)
      .catch((error) => this.unreadable(error))
      .finally(() => view.release());
  }

  private async holdView(): Promise<AcknowledgedView> {
    await this.reopening?.catch(() => undefined);
    return this.opened ? this.view.hold() : this.unreadable(this.trouble);
  }

  private unreadable(error: unknown): never {
    throw this.trouble ?? this.folder.trouble(error);
  }
}

/** A value that is not JSON, say: LevelDB was not asked. */
function isOfCaller(error: unknown): boolean {
  return (
    (error instanceof Error && "code" in error && /^LEVEL_(INVALID|ENCODING)/.test(String(error.code))) ||
    error instanceof TypeError
  );
}
