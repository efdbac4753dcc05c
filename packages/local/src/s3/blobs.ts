/**
 * The bodies of objects: one file each, named by a random id, in 256 folders.
 *
 * A body is written under `incoming/`, renamed to its place, and only then named in the store, so a crash leaves at
 * most a file that nothing names. `s3~blob~<id>` rows say which are named; the sweep removes the others.
 */
import { randomUUID } from "node:crypto";
import { createReadStream, mkdirSync, type ReadStream, rmSync } from "node:fs";
import { constants, copyFile, mkdir, open, readdir, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Store, StoreOperation } from "../store";

const BLOB_ROWS = "s3~blob~";

export class BlobFiles {
  private readonly incoming: string;

  /** Empties `incoming/`: whoever was writing there is dead. */
  constructor(
    private readonly folder: string,
    private readonly store: Store,
  ) {
    this.incoming = join(folder, "incoming");
    rmSync(this.incoming, { recursive: true, force: true });
    mkdirSync(this.incoming, { recursive: true });
  }

  /** Writes a body to its place. When `chunks` throws, nothing stays. @returns the new id, to be named in the store */
  async write(chunks: AsyncIterable<Buffer>): Promise<string> {
    return this.place(async (path) => {
      const file = await open(path, "wx");
      try {
        for await (const chunk of chunks) await file.writeFile(chunk);
      } finally {
        await file.close();
      }
    });
  }

  async copy(id: string): Promise<string> {
    return this.place((path) => copyFile(this.pathOf(id), path, constants.COPYFILE_FICLONE));
  }

  /** @param last the last byte, inclusive. Emits an error with code ENOENT when the blob was removed meanwhile. */
  read(id: string, first: number, last: number): ReadStream {
    return createReadStream(this.pathOf(id), { start: first, end: last });
  }

  async remove(ids: string[]): Promise<void> {
    for (const id of ids) await rm(this.pathOf(id), { force: true });
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
      await this.moveToItsPlace(path, id);
    } catch (error) {
      await rm(path, { force: true });
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
      await mkdir(dirname(this.pathOf(id)), { recursive: true });
      await rename(path, this.pathOf(id));
    }
  }

  private pathOf(id: string): string {
    return join(this.folder, id.slice(0, 2), id);
  }
}

const hex = (byte: number) => byte.toString(16).padStart(2, "0");
const isMissing = (error: unknown) => error instanceof Error && "code" in error && error.code === "ENOENT";
