/**
 * The folder of the store: `<dataDir>/cloud`, with LevelDB in `level`, a lock of our own in `lock`, the number of the
 * last acknowledged write in `acknowledged`, and who owns it in `owner.pid`.
 */
import { closeSync, fsyncSync, openSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ClassicLevel } from "classic-level";
import { makeFolder } from "./make-folder";
import { ownerOf, ownerPath } from "./owner";
import { StorageUnavailable } from "./storage-unavailable";

/** The data folder has a living owner. The message is the one sentence to show to a person. */
export class DataFolderInUse extends Error {
  override readonly name = "DataFolderInUse";
}

type Level = ClassicLevel<string, unknown>;

const LEAST_PROBE_BYTES = 64 * 1024;

export class DataFolder {
  readonly folder: string;
  readonly levelFolder: string;
  readonly markPath: string;
  readonly damagedFolder: string;
  private lock: ClassicLevel<string, unknown> | undefined;
  private log: { number: number; bytes: number } | undefined;

  constructor(readonly dataDir: string) {
    this.folder = join(resolve(dataDir), "cloud");
    this.levelFolder = join(this.folder, "level");
    this.markPath = join(this.folder, "acknowledged");
    this.damagedFolder = join(this.folder, "damaged");
  }

  /** The trouble in a person's words. */
  trouble(error: unknown): StorageUnavailable {
    return StorageUnavailable.from(error, resolve(this.dataDir));
  }

  /**
   * Makes this process the owner, for as long as it lives or until `release`. LevelDB has a lock of its own, but holds it
   * only while it is open, and its logs are looked at before.
   * @throws {DataFolderInUse} when another process still owns it after `waitMs`
   */
  async own(waitMs: number): Promise<void> {
    makeFolder(this.folder);
    makeFolder(this.levelFolder);
    makeFolder(join(this.folder, "lock"));
    const lock: Level = new ClassicLevel(join(this.folder, "lock"), { writeBufferSize: 64 * 1024, cacheSize: 0 });
    const deadline = Date.now() + waitMs;
    await this.whenUnlocked(() => lock.open(), deadline);
    try {
      await this.whenUnlocked(() => this.requireUnlockedLevel(), deadline);
      writeFileSync(ownerPath(this.dataDir), String(process.pid));
    } catch (error) {
      await lock.close();
      throw error;
    }
    this.lock = lock;
  }

  async release(): Promise<void> {
    try {
      rmSync(ownerPath(this.dataDir), { force: true });
    } catch {
      // It is a hint for people; the lock is what counts.
    }
    await this.lock?.close();
    this.lock = undefined;
  }

  /** An older Redline knows nothing of our lock. Opening what exists with `errorIfExists` looks at LevelDB's lock alone. */
  private async requireUnlockedLevel(): Promise<void> {
    const level: Level = new ClassicLevel(this.levelFolder, { createIfMissing: false, errorIfExists: true });
    await level.open().catch((error) => {
      if (isLocked(error)) throw error;
    });
    await level.close();
  }

  private async whenUnlocked(open: () => Promise<void>, deadline: number): Promise<void> {
    for (;;) {
      try {
        return await open();
      } catch (error) {
        if (!isLocked(error)) throw error;
        if (Date.now() >= deadline) throw new DataFolderInUse(this.inUseSentence(), { cause: error });
        await sleep(100);
      }
    }
  }

  private inUseSentence(): string {
    const pid = ownerOf(this.dataDir) ?? "unknown";
    return `Redline is already running on ${resolve(this.dataDir)} (pid ${pid}).`;
  }

  /**
   * @param isThorough whether all that opening LevelDB does is tried: as much space as its logs need, and the disk's word
   * @throws when the folder takes no file
   */
  probe({ isThorough = false } = {}): void {
    const path = join(this.folder, "probe");
    const bytes = LEAST_PROBE_BYTES + (isThorough ? 2 * this.logsBytes : 0);
    try {
      writeFileSync(path, Buffer.alloc(bytes), { flush: isThorough });
    } finally {
      rmSync(path, { force: true });
    }
  }

  private get logsBytes(): number {
    return this.files(/\.log$/).reduce((sum, name) => sum + fileSize(join(this.levelFolder, name)), 0);
  }

  /**
   * Checks that the last write went to a log that still exists: a process whose files were removed goes on
   * writing to them and is not told. Windows removes no file that is open.
   * @returns whether LevelDB has begun another log since the last time
   * @throws when the log is not there, or has not grown
   */
  requireGrownLog(): boolean {
    if (process.platform === "win32") return false;
    const bytes = this.log && this.logBytes(this.log.number);
    if (this.log && bytes !== undefined && bytes > this.log.bytes) {
      this.log.bytes = bytes;
      return false;
    }
    const newest = Math.max(...this.files(/^\d+\.log$/).map((name) => Number.parseInt(name, 10)), 0);
    if (newest <= (this.log?.number ?? 0))
      throw Object.assign(new Error("The log is not where it was written."), { code: "ENOENT" });
    this.log = { number: newest, bytes: this.logBytes(newest) };
    return true;
  }

  /** After LevelDB was opened, which begins a new log. */
  forgetLog(): void {
    this.log = undefined;
  }

  /** @throws when LevelDB would make an empty store where there was one */
  requireStore(): void {
    statSync(join(this.levelFolder, "CURRENT"));
  }

  private logBytes(number: number): number {
    return fileSize(join(this.levelFolder, `${String(number).padStart(6, "0")}.log`));
  }

  private files(names: RegExp): string[] {
    return readdirSync(this.levelFolder).filter((name) => names.test(name));
  }
}

function isLocked(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause)
    if ("code" in cause && cause.code === "LEVEL_LOCKED") return true;
  return false;
}

const fileSize = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0;

/** Waits until the disk has the names in this folder. Windows knows no such thing and needs none. */
export function syncFolder(path: string): void {
  if (process.platform === "win32") return;
  const folder = openSync(path, "r");
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
