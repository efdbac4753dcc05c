import { createHash } from "node:crypto";
import { promisify } from "node:util";
import { gunzip, gzip } from "node:zlib";
import { DeleteObjectCommand, GetObjectCommand, HeadBucketCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { LRUCache } from "lru-cache";
import { AppError } from "../errors";
import { s3 } from "./clients";
import { resources } from "./resources";

const compress = promisify(gzip);
const decompress = promisify(gunzip);

/** Texts read or written lately, by owner and hash, so that one team's cache can never answer another's. */
const cache = new LRUCache<string, string>({
  maxSize: 12 * 1024 * 1024,
  sizeCalculation: (text) => text.length + 1,
});

export const hashText = (text: string): string => createHash("sha256").update(text, "utf8").digest("hex");

const keyOf = (teamId: string, hash: string) => `teams/${teamId}/blobs/${hash}`;

/** Stores a text under its owner and content hash and returns the hash; storing it again changes nothing. */
export async function putText(teamId: string, text: string): Promise<string> {
  const hash = hashText(text);
  const key = keyOf(teamId, hash);
  if (cache.has(key)) return hash;
  try {
    await s3().send(
      new PutObjectCommand({
        Bucket: resources.Blobs.name,
        Key: key,
        Body: await compress(Buffer.from(text, "utf8"), { level: 5 }),
        ContentEncoding: "gzip",
        ContentType: "text/plain; charset=utf-8",
        IfNoneMatch: "*",
      }),
    );
  } catch (error) {
    // Someone stored the same content first: that is what we wanted.
    if (!(error instanceof Error && error.name === "PreconditionFailed")) throw error;
  }
  cache.set(key, text);
  return hash;
}

/** The text with this hash. Throws DATABASE_ERROR when the item that names it exists and the blob does not. */
export async function getText(teamId: string, hash: string): Promise<string> {
  const key = keyOf(teamId, hash);
  const cached = cache.get(key);
  if (cached !== undefined) return cached;
  const text = (await decompress(await getObject(key))).toString("utf8");
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

/** An object's bytes. Throws UPLOAD_NOT_FOUND for uploads and DATABASE_ERROR for anything else that is missing. */
export async function getObject(key: string): Promise<Buffer> {
  try {
    const object = await s3().send(new GetObjectCommand({ Bucket: resources.Blobs.name, Key: key }));
    if (!object.Body) throw new AppError("DATABASE_ERROR", "The storage answered without content. Try again.");
    return Buffer.from(await object.Body.transformToByteArray());
  } catch (error) {
    if (!(error instanceof Error && error.name === "NoSuchKey")) throw error;
    if (key.startsWith("uploads/")) {
      throw new AppError("UPLOAD_NOT_FOUND", "That upload is gone or never finished. Choose the file again.", {
        cause: error,
      });
    }
    throw new AppError("DATABASE_ERROR", "A stored file is missing from the storage.", { cause: error });
  }
}

export async function deleteObject(key: string): Promise<void> {
  await s3().send(new DeleteObjectCommand({ Bucket: resources.Blobs.name, Key: key }));
}

export async function pingBlobs(): Promise<void> {
  await s3().send(new HeadBucketCommand({ Bucket: resources.Blobs.name }));
}
