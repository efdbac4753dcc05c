import { createHash } from "node:crypto";
import { promisify } from "node:util";
import { gunzip, gzip } from "node:zlib";
import {
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadBucketCommand,
  ListObjectVersionsCommand,
  type ObjectIdentifier,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import { createPresignedPost } from "@aws-sdk/s3-presigned-post";
import { LRUCache } from "lru-cache";
import { AppError } from "../errors";
import { LIMITS } from "../limits";
import { s3 } from "./clients";
import { getSmallText, putInlineBlob, sweepSmallTexts } from "./inline-blobs";
import { resources } from "./resources";

const compress = promisify(gzip);
const decompress = promisify(gunzip);

/** A laptop has two processes that keep texts, little memory for them, and its storage near. */
const MAX_CACHED_CHARS = (process.env.REDLINE_LOCAL === "1" ? 6 : 12) * 1024 * 1024;

/** Texts read or written lately, by owner and hash, so that one team's cache can never answer another's. */
const cache = new LRUCache<string, string>({
  maxSize: MAX_CACHED_CHARS,
  sizeCalculation: (text) => text.length + 1,
  ttl: LIMITS.blobs.rememberMs,
});

/**
 * Keys that this process wrote recently and need not write again. Remembered for less than the sweep's grace, so that a
 * blob is written again before a sweep could delete it; a blob that was only read may be swept at any moment.
 */
const written = new LRUCache<string, true>({ max: 20_000, ttl: LIMITS.blobs.rememberMs });

/** Resets the caches, as on process start (tests). */
export function clearTextCache(): void {
  cache.clear();
  written.clear();
}

export const hashText = (text: string): string => createHash("sha256").update(text, "utf8").digest("hex");

const blobKey = (teamId: string, hash: string) => `teams/${teamId}/blobs/${hash}`;

/**
 * Stores a text under its owner and content hash and returns the hash; storing it again changes nothing. A small one goes
 * into the table: an object costs what eight writes of the table do, however little is in it.
 */
export async function putText(teamId: string, text: string): Promise<string> {
  const hash = hashText(text);
  const key = blobKey(teamId, hash);
  if (written.has(key)) return hash;
  const Body = await compress(Buffer.from(text, "utf8"), { level: 5 });
  if (Body.length <= LIMITS.blobs.maxSmallBytes) await putInlineBlob(teamId, hash, Body);
  else {
    const what = { ContentEncoding: "gzip", ContentType: "text/plain; charset=utf-8" };
    await s3().send(new PutObjectCommand({ Bucket: resources.Blobs.name, Key: key, Body, ...what }));
  }
  written.set(key, true);
  cache.set(key, text);
  return hash;
}

/** Returns the text with this hash. Throws DATABASE_ERROR when the item that names it exists and the blob does not. */
export async function getText(teamId: string, hash: string): Promise<string> {
  const key = blobKey(teamId, hash);
  const cached = cache.get(key);
  if (cached !== undefined) return cached;
  const stored = (await getSmallText(teamId, hash)) ?? (await getObject(key));
  const text = (await decompress(stored)).toString("utf8");
  cache.set(key, text);
  return text;
}

/** A larger body (edits, results) that an item names instead of holding it. */
export async function putJson(teamId: string, value: unknown): Promise<string> {
  return putText(teamId, JSON.stringify(value));
}

export async function getJson<T>(teamId: string, hash: string): Promise<T> {
  return JSON.parse(await getText(teamId, hash)) as T;
}

/**
 * Returns an object's bytes. Throws UPLOAD_NOT_FOUND for a missing upload, and DATABASE_ERROR for any other missing
 * object.
 */
export async function getObject(key: string): Promise<Buffer> {
  try {
    const object = await s3().send(new GetObjectCommand({ Bucket: resources.Blobs.name, Key: key }));
    if (!object.Body) throw new AppError("DATABASE_ERROR", "The storage answered without content. Try again.");
    return Buffer.from(await object.Body.transformToByteArray());
  } catch (error) {
    if (!(error instanceof Error && error.name === "NoSuchKey")) throw error;
    if (key.startsWith("uploads/")) {
      throw new AppError("UPLOAD_NOT_FOUND", "That upload expired or didn't finish. Choose the file again.", {
        cause: error,
      });
    }
    throw new AppError("DATABASE_ERROR", "A stored file is missing from the storage.", { cause: error });
  }
}

/** A form that a browser posts one object of up to `maxBytes` with; good for a day. */
export function presignPost(key: string, maxBytes: number): Promise<{ url: string; fields: Record<string, string> }> {
  return createPresignedPost(s3(), {
    Bucket: resources.Blobs.name,
    Key: key,
    Conditions: [["content-length-range", 1, maxBytes]],
    Expires: LIMITS.file.uploadExpirySeconds,
  });
}

export async function deleteObject(key: string): Promise<void> {
  await s3().send(new DeleteObjectCommand({ Bucket: resources.Blobs.name, Key: key }));
}

/**
 * Removes, with all their versions, a team's blobs that nothing names and that are older than the grace: a blob is
 * written before the item that names it. Lists the storage, so only for the nightly sweep. Returns how many went.
 */
export async function sweepTexts(teamId: string, isNamed: (hash: string) => boolean, nowMs: number): Promise<number> {
  const prefix = blobKey(teamId, "");
  const doomed = new Set<string>();
  let KeyMarker: string | undefined;
  let VersionIdMarker: string | undefined;
  do {
    const page = await s3().send(
      new ListObjectVersionsCommand({ Bucket: resources.Blobs.name, Prefix: prefix, KeyMarker, VersionIdMarker }),
    );
    const old = (page.Versions ?? []).filter(
      ({ LastModified, IsLatest }) => !IsLatest || nowMs - (LastModified?.getTime() ?? nowMs) > LIMITS.blobs.graceMs,
    );
    const latest = old.filter(({ Key, IsLatest }) => IsLatest && !isNamed(Key?.slice(prefix.length) ?? ""));
    for (const { Key } of latest) if (Key) doomed.add(Key);
    const objects = old.filter(({ Key, IsLatest }) => !IsLatest || doomed.has(Key ?? ""));
    await deleteVersions(objects.map(({ Key = "", VersionId }) => ({ Key, VersionId })));
    ({ NextKeyMarker: KeyMarker, NextVersionIdMarker: VersionIdMarker } = page);
  } while (KeyMarker);
  return doomed.size + (await sweepSmallTexts(teamId, isNamed, nowMs - LIMITS.blobs.graceMs));
}

async function deleteVersions(Objects: ObjectIdentifier[]): Promise<void> {
  if (Objects.length === 0) return;
  await s3().send(new DeleteObjectsCommand({ Bucket: resources.Blobs.name, Delete: { Objects, Quiet: true } }));
}

export async function pingBlobs(): Promise<void> {
  await s3().send(new HeadBucketCommand({ Bucket: resources.Blobs.name }));
}
