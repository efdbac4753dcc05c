/** Buckets and their settings. All in memory: there are few, and every request needs one. */
import type { Store } from "../store";
import { noSuchBucket, S3Error } from "./errors";

const BUCKET_ROWS = "s3~bucket~";

export interface CorsRule {
  /** At most one `*` in each. */
  allowedOrigins: string[];
  allowedMethods: string[];
  allowedHeaders: string[];
  exposedHeaders: string[];
  maxAgeSeconds?: number;
}

export interface LifecycleRule {
  id: string;
  enabled: boolean;
  prefix: string;
  expireAfterDays?: number;
  expireOldVersionsAfterDays?: number;
  abortUploadsAfterDays?: number;
}

export interface Bucket {
  name: string;
  createdAtMs: number;
  versioning?: "Enabled" | "Suspended";
  cors: CorsRule[];
  lifecycle: LifecycleRule[];
}

export class Buckets {
  private readonly byName = new Map<string, Bucket>();

  private constructor(private readonly store: Store) {}

  static async load(store: Store): Promise<Buckets> {
    const buckets = new Buckets(store);
    for await (const [, bucket] of store.iterate<Bucket>({ gt: BUCKET_ROWS, lt: `${BUCKET_ROWS}~` }))
      buckets.byName.set(bucket.name, bucket);
    return buckets;
  }

  all(): Bucket[] {
    return [...this.byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  find(name: string): Bucket | undefined {
    return this.byName.get(name);
  }

  /** @throws {S3Error} NoSuchBucket */
  get(name: string): Bucket {
    const bucket = this.byName.get(name);
    if (!bucket) throw noSuchBucket();
    return bucket;
  }

  /** Creating one that is there changes nothing, as in AWS's first region. @throws {S3Error} InvalidBucketName */
  async create(name: string): Promise<void> {
    if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name))
      throw new S3Error(400, "InvalidBucketName", "The specified bucket is not valid.");
    if (!this.byName.has(name)) await this.save({ name, createdAtMs: Date.now(), cors: [], lifecycle: [] });
  }

  /** @throws {S3Error} NoSuchBucket */
  async change(name: string, settings: Partial<Pick<Bucket, "versioning" | "cors" | "lifecycle">>): Promise<void> {
    await this.save({ ...this.get(name), ...settings });
  }

  async remove(name: string): Promise<void> {
    await this.store.del(BUCKET_ROWS + name);
    this.byName.delete(name);
  }

  private async save(bucket: Bucket): Promise<void> {
    await this.store.put(BUCKET_ROWS + bucket.name, bucket);
    this.byName.set(bucket.name, bucket);
  }
}
