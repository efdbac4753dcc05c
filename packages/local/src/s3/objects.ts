/**
 * Objects and their versions: one row a version, newest first, and one row for what is current, so that neither reading
 * nor listing ever looks at the past. A call changes the rows, and which blobs are named, in one batch.
 */
import { ItemLocks } from "../dynamodb/locks";
import type { Store, StoreOperation } from "../store";
import { StorageUnavailable } from "../store/storage-unavailable";
import { BlobFiles } from "./blobs";
import type { Checksum, StoredBody } from "./body";
import type { Bucket } from "./buckets";
import { noSuchKey, noSuchVersion, preconditionFailed } from "./errors";

/** The writer's description of the content. */
export interface ContentDescription {
  contentType: string;
  /** Cache-Control, Content-Disposition, Content-Encoding, Content-Language and Expires, by lower-case name. */
  headers: Record<string, string>;
  /** By name, without `x-amz-meta-`. */
  metadata: Record<string, string>;
}

export interface ObjectVersion extends ContentDescription {
  key: string;
  /** "null" while the bucket keeps no versions. */
  versionId: string;
  /** Orders the versions of one key. */
  sequence: number;
  lastModifiedMs: number;
  size: number;
  /** Without quotes. */
  etag: string;
  checksum?: Checksum;
  /** Absent for a delete marker. */
  blob?: string;
}

/** Preconditions of a write. */
export interface WriteCondition {
  /** The key has no object. */
  absent?: boolean;
  /** The key's object has this ETag. */
  etag?: string;
}

export interface Deletion {
  /** The version of the marker that was written, or that was removed. */
  versionId?: string;
  deleteMarker: boolean;
}

export const UNVERSIONED = "null";

export const objectRows = (bucket: string) => `s3~object~${bucket}~`;
export const versionRows = (bucket: string) => `s3~version~${bucket}~`;
const objectRow = (bucket: string, key: string) => objectRows(bucket) + key;
/** NUL sorts before all that may continue a key, so a key's versions come before those of longer keys. */
const versionsOf = (bucket: string, key: string) => `${versionRows(bucket)}${key}\0`;

/** Sorts newest first. Sequences are microseconds since 1970, which stay exact until the year 2255. */
const newestFirst = (sequence: number) => String(Number.MAX_SAFE_INTEGER - sequence).padStart(16, "0");

export class Objects {
  private readonly locks = new ItemLocks();

  constructor(
    private readonly store: Store,
    private readonly blobs: BlobFiles,
  ) {}

  async current(bucket: Bucket, key: string): Promise<ObjectVersion | undefined> {
    return this.store.get<ObjectVersion>(objectRow(bucket.name, key));
  }

  /** @throws {S3Error} NoSuchKey, NoSuchVersion */
  async find(bucket: Bucket, key: string, versionId?: string): Promise<ObjectVersion> {
    if (versionId === undefined) {
      const current = await this.current(bucket, key);
      if (!current) throw noSuchKey();
      return current;
    }
    const version = await this.version(bucket, key, versionId);
    if (!version) throw noSuchVersion();
    return version;
  }

  /**
   * Makes a stored body the key's object. When it cannot, the body is removed.
   * @throws {S3Error} PreconditionFailed, NoSuchKey
   */
  async put(
    bucket: Bucket,
    key: string,
    body: StoredBody,
    description: ContentDescription,
    condition: WriteCondition = {},
    more: StoreOperation[] = [],
  ): Promise<ObjectVersion> {
    let named = false;
    try {
      return await this.locks.hold([objectRow(bucket.name, key)], async () => {
        const before = await this.current(bucket, key);
        check(condition, before);
        const version: ObjectVersion = {
          ...description,
          key,
          ...(await this.place(bucket, key)),
          size: body.size,
          etag: body.etag,
          checksum: body.checksum,
          blob: body.blob,
        };
        const replaced = await this.replaced(bucket, key, version.versionId);
        await this.store.batch([
          ...replaced.flatMap((old) => this.removal(bucket, old)),
          { type: "put", key: this.rowOf(bucket, version), value: version },
          { type: "put", key: objectRow(bucket.name, key), value: version },
          BlobFiles.named(body.blob),
          ...more,
        ]);
        named = true;
        await this.blobs.remove(blobsOf(replaced));
        return version;
      });
    } catch (error) {
      // A blob that may have been named after all is left to the sweep, which checks.
      const isInDoubt = error instanceof StorageUnavailable && error.isInDoubt;
      if (!named && !isInDoubt) await this.blobs.remove([body.blob]);
      throw error;
    }
  }

  /**
   * Removes one version, or hides the key behind a marker, or, where no versions are kept, removes the object.
   * Removing what is not there succeeds. @throws {S3Error} PreconditionFailed, NoSuchKey
   */
  async delete(bucket: Bucket, key: string, versionId?: string, condition: WriteCondition = {}): Promise<Deletion> {
    return this.locks.hold([objectRow(bucket.name, key)], async () => {
      if (condition.etag !== undefined) check(condition, await this.current(bucket, key));
      if (versionId !== undefined) return this.deleteVersion(bucket, key, versionId);
      const place = await this.place(bucket, key);
      const replaced = await this.replaced(bucket, key, place.versionId);
      const operations: StoreOperation[] = replaced.flatMap((old) => this.removal(bucket, old));
      operations.push({ type: "del", key: objectRow(bucket.name, key) });
      if (bucket.versioning) {
        const marker: ObjectVersion = { key, ...place, size: 0, etag: "", contentType: "", headers: {}, metadata: {} };
        operations.push({ type: "put", key: this.rowOf(bucket, marker), value: marker });
      }
      await this.store.batch(operations);
      await this.blobs.remove(blobsOf(replaced));
      return bucket.versioning ? { versionId: place.versionId, deleteMarker: true } : { deleteMarker: false };
    });
  }

  /** Newest first, delete markers too. */
  async *versions(bucket: Bucket, key: string): AsyncIterable<ObjectVersion> {
    const start = versionsOf(bucket.name, key);
    for await (const [, version] of this.store.iterate<ObjectVersion>({ gt: start, lt: `${start}~` })) yield version;
  }

  async isEmpty(bucket: Bucket): Promise<boolean> {
    const start = versionRows(bucket.name);
    for await (const _ of this.store.iterate({ gt: start, lt: `${start}\u{10FFFF}`, limit: 1 })) return false;
    return true;
  }

  private async deleteVersion(bucket: Bucket, key: string, versionId: string): Promise<Deletion> {
    const version = await this.version(bucket, key, versionId);
    if (!version) return { versionId, deleteMarker: false };
    const operations = this.removal(bucket, version);
    let next: ObjectVersion | undefined;
    let newest: ObjectVersion | undefined;
    for await (const other of this.versions(bucket, key)) {
      newest ??= other;
      if (other.sequence === version.sequence) continue;
      next = other;
      break;
    }
    if (newest?.sequence === version.sequence) {
      const row = objectRow(bucket.name, key);
      operations.push(next?.blob ? { type: "put", key: row, value: next } : { type: "del", key: row });
    }
    await this.store.batch(operations);
    await this.blobs.remove(blobsOf([version]));
    return { versionId, deleteMarker: version.blob === undefined };
  }

  private async version(bucket: Bucket, key: string, versionId: string): Promise<ObjectVersion | undefined> {
    if (versionId !== UNVERSIONED) return this.store.get(versionsOf(bucket.name, key) + versionId);
    for await (const version of this.versions(bucket, key)) if (version.versionId === UNVERSIONED) return version;
    return undefined;
  }

  /** A new version comes after all others of its key, even when the clock went back. */
  private async place(
    bucket: Bucket,
    key: string,
  ): Promise<Pick<ObjectVersion, "versionId" | "sequence" | "lastModifiedMs">> {
    const now = Date.now();
    let newest = 0;
    for await (const version of this.versions(bucket, key)) {
      newest = version.sequence;
      break;
    }
    const sequence = Math.max(now * 1_000, newest + 1);
    const versionId = bucket.versioning === "Enabled" ? newestFirst(sequence) : UNVERSIONED;
    return { versionId, sequence, lastModifiedMs: now };
  }

  /** Returns the versions that a new one with this id replaces: the unversioned object, or none. */
  private async replaced(bucket: Bucket, key: string, versionId: string): Promise<ObjectVersion[]> {
    if (versionId !== UNVERSIONED) return [];
    const old = await this.version(bucket, key, UNVERSIONED);
    return old ? [old] : [];
  }

  private rowOf(bucket: Bucket, version: ObjectVersion): string {
    return versionsOf(bucket.name, version.key) + newestFirst(version.sequence);
  }

  private removal(bucket: Bucket, version: ObjectVersion): StoreOperation[] {
    const row: StoreOperation = { type: "del", key: this.rowOf(bucket, version) };
    return version.blob ? [row, BlobFiles.forgotten(version.blob)] : [row];
  }
}

function check({ absent, etag }: WriteCondition, before: ObjectVersion | undefined): void {
  if (absent && before) throw preconditionFailed();
  if (etag !== undefined && !before) throw noSuchKey();
  if (etag !== undefined && before?.etag !== etag) throw preconditionFailed();
}

const blobsOf = (versions: ObjectVersion[]) => versions.flatMap(({ blob }) => blob ?? []);
