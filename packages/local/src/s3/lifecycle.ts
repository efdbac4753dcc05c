/** Expiry by the buckets' lifecycle rules. */
import type { Bucket, LifecycleRule } from "./buckets";
import { type ObjectVersion, objectRows, versionRows } from "./objects";
import type { S3Service } from "./service";
import { abortOldUploads } from "./uploads";

const DAY_MS = 86_400_000;

/** Applies every enabled rule of every bucket. @returns how many objects, versions and uploads went */
export async function expire(service: S3Service, nowMs = Date.now()): Promise<number> {
  let removed = 0;
  for (const bucket of service.buckets.all())
    for (const rule of bucket.lifecycle.filter(({ enabled }) => enabled)) {
      if (rule.expireAfterDays !== undefined)
        removed += await expireObjects(service, bucket, rule.prefix, nowMs - rule.expireAfterDays * DAY_MS);
      if (rule.expireOldVersionsAfterDays !== undefined)
        removed += await expireOldVersions(service, bucket, rule, nowMs - rule.expireOldVersionsAfterDays * DAY_MS);
      if (rule.abortUploadsAfterDays !== undefined) {
        const startedBefore = nowMs - rule.abortUploadsAfterDays * DAY_MS;
        removed += await abortOldUploads(service, bucket.name, rule.prefix, startedBefore);
      }
    }
  return removed;
}

/** An object that was written anew since it was found old has another ETag or is left by the condition. */
async function expireObjects(
  { store, objects }: S3Service,
  bucket: Bucket,
  prefix: string,
  writtenBeforeMs: number,
): Promise<number> {
  const start = objectRows(bucket.name) + prefix;
  let removed = 0;
  for await (const [, found] of store.iterate<ObjectVersion>({ gte: start, lt: `${start}\u{10FFFF}` })) {
    if (found.lastModifiedMs >= writtenBeforeMs) continue;
    const current = await objects.current(bucket, found.key);
    if (current?.sequence !== found.sequence) continue;
    await objects.delete(bucket, found.key);
    removed++;
  }
  return removed;
}

/** A version is old since the next one was written. */
async function expireOldVersions(
  { store, objects }: S3Service,
  bucket: Bucket,
  rule: LifecycleRule,
  replacedBeforeMs: number,
): Promise<number> {
  const start = versionRows(bucket.name) + rule.prefix;
  let removed = 0;
  let newer: ObjectVersion | undefined;
  for await (const [, version] of store.iterate<ObjectVersion>({ gte: start, lt: `${start}\u{10FFFF}` })) {
    if (newer?.key === version.key && newer.lastModifiedMs < replacedBeforeMs) {
      await objects.delete(bucket, version.key, version.versionId);
      removed++;
    }
    newer = version;
  }
  return removed;
}
