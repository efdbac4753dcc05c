/**
 * The bodies of objects: one file each, named by a random id, in 256 folders.
 *
 * A body is written under `incoming/`, renamed to its place, and only then named in the store, so a crash leaves at
 * most a file that nothing names. `s3~blob~<id>` rows say which are named; the sweep removes the others.
 */
import { randomUUID } from "node:crypto";
import { createReadStream, type ReadStream, rmSync } from "node:fs";
import { constants, copyFile, open, readdir, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Store, StoreOperation } from "../store";
import { syncFolder } from "../store/data-folder";
import { makeFolder } from "../store/make-folder";
import { StorageUnavailable } from "../store/storage-unavailable";

const BLOB_ROWS = "s3~blob~";

export class BlobFiles {
  private readonly incoming: string;

  /** Empties `incoming/`: its writers are dead. */
  constructor(
    private readonly folder: string,
    private readonly store: Store,
    /** Waits for the disk before a body counts as written. */
    private readonly isDurable = false,
  ) {
    this.incoming = join(folder, "incoming");
    rmSync(this.incoming, { recursive: true, force: true });
    makeFolder(this.incoming);
  }

  /**
   * Writes a body to its place. When `chunks` throws, nothing stays.
   * @returns the new id, to be named in the store
   * @throws {StorageUnavailable}
   */
  async write(chunks: AsyncIterable<Buffer>): Promise<string> {
    return this.place(async (path) => {
      const file = await this.reachable(open(path, "wx"));
      try {
        for await (const chunk of chunks) await this.reachable(file.writeFile(chunk));
        if (this.isDurable) await this.reachable(file.sync());
      } finally {
        await this.reachable(file.close());
      }
    });
  }

  async copy(id: string): Promise<string> {
    return this.place(async (path) => {
      await this.reachable(copyFile(this.pathOf(id), path, constants.COPYFILE_FICLONE));
      if (this.isDurable) await this.reachable(syncFile(path));
    });
  }

  /** @param last the last byte, inclusive. Emits an error with code ENOENT when the blob was removed meanwhile. */
  read(id: string, first: number, last: number): ReadStream {
    return createReadStream(this.pathOf(id), { start: first, end: last });
  }

  /**
   * Verifies that the file exists in its full length. Between finding an object and opening its file it may have been
   * replaced, and then nothing names the file any more; else it was removed or cut from outside.
   * @throws {StorageUnavailable} when the store names a file that is not whole
   */
  async requireWhole(id: string, bytes: number): Promise<void> {
    const size = await stat(this.pathOf(id)).then((found) => found.size, missing);
    if (size === bytes) return;
    if (await this.store.get(BLOB_ROWS + id)) throw new StorageUnavailable("removed", this.dataDir);
  }

  /** Removes the file; one that cannot be removed now is left to the sweep. */
  async remove(ids: string[]): Promise<void> {
    for (const id of ids) await rm(this.pathOf(id), { force: true }).catch(() => undefined);
  }

  /** The operations that go into the batch which names or forgets a blob. */
  static named(id: string): StoreOperation {
    return { type: "put", key: BLOB_ROWS + id, value: 1 };
  }

  static forgotten(id: string): StoreOperation {
    return { type: "del", key: BLOB_ROWS + id };
  }

  /** Removes files that nothing names and that were written before `writtenBeforeMs`. @returns how many went */
  async sweep(writtenBeforeMs: number): Promise<number> {
    let removed = 0;
    for (let first = 0; first < 256; first++) {
      const files = await readdir(join(this.folder, hex(first))).catch((error) => {
        if (isMissing(error)) return [];
        throw error;
      });
      if (files.length === 0) continue;
      const named = new Set<string>();
      const start = BLOB_ROWS + hex(first);
      for await (const [key] of this.store.iterate<number>({ gte: start, lt: `${start}~` }))
        named.add(key.slice(BLOB_ROWS.length));
      for (const id of files.filter((file) => !named.has(file))) {
        const written = await stat(this.pathOf(id)).then(
          ({ mtimeMs, ctimeMs }) => Math.max(mtimeMs, ctimeMs),
          () => Number.POSITIVE_INFINITY,
        );
        if (written >= writtenBeforeMs) continue;
        await this.remove([id]);
        removed++;
      }
    }
    return removed;
  }

  private async place(write: (path: string) => Promise<void>): Promise<string> {
    const id = randomUUID().replaceAll("-", "");
    const path = join(this.incoming, id);
    try {
      await write(path);
      await this.reachable(this.moveToItsPlace(path, id));
    } catch (error) {
      await rm(path, { force: true }).catch(() => undefined);
      throw error;
    }
    return id;
  }

  /** Folders are made when they are first needed. */
  private async moveToItsPlace(path: string, id: string): Promise<void> {
    try {
      await rename(path, this.pathOf(id));
    } catch (error) {
      if (!isMissing(error)) throw error;
      makeFolder(dirname(this.pathOf(id)));
      if (this.isDurable) syncFolder(this.folder);
      await rename(path, this.pathOf(id));
    }
    if (this.isDurable) syncFolder(dirname(this.pathOf(id)));
  }

  private get dataDir(): string {
    return dirname(this.folder);
  }

  private reachable<T>(work: Promise<T>): Promise<T> {
    return work.catch((error) => {
      throw StorageUnavailable.from(error, this.dataDir);
    });
  }

  private pathOf(id: string): string {
    return join(this.folder, id.slice(0, 2), id);
  }
}

async function syncFile(path: string): Promise<void> {
  const file = await open(path, "r+");
  await file.sync().finally(() => file.close());
}

const missing = (error: unknown): undefined => {
  if (!isMissing(error)) throw error;
};

const hex = (byte: number) => byte.toString(16).padStart(2, "0");
const isMissing = (error: unknown) => error instanceof Error && "code" in error && error.code === "ENOENT";
