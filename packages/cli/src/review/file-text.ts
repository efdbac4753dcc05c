/** Decodes a file for review, or says why there is no text in it to review. */

import { isUtf8 } from "node:buffer";
import { createHash } from "node:crypto";

export type FileText = { text: string } | { reason: string };

const LFS_POINTER = "version https://git-lfs.github.com/spec/v1";

/** A byte order mark and line ends are kept, so that encoding the text gives the same bytes. */
export function decodeFile(bytes: Buffer): FileText {
  if (bytes.subarray(0, LFS_POINTER.length).toString("latin1") === LFS_POINTER) {
    return { reason: "is a Git LFS pointer, not the file itself" };
  }
  if (bytes.includes(0)) return { reason: "is binary" };
  if (!isUtf8(bytes)) return { reason: "is not UTF-8 text" };
  return { text: bytes.toString("utf8") };
}

/** git's name of a file's content. */
export function blobIdOf(content: Buffer, algorithm: "sha1" | "sha256" = "sha1"): string {
  return createHash(algorithm).update(`blob ${content.length}\0`).update(content).digest("hex");
}

/** Returns whether git stores these bytes under this id, as they are or with LF line ends. */
export function isStoredAs(bytes: Buffer, blobId: string): boolean {
  const algorithm = blobId.length === 64 ? "sha256" : "sha1";
  if (blobIdOf(bytes, algorithm) === blobId) return true;
  if (!bytes.includes("\r\n")) return false;
  const unix = Buffer.from(bytes.toString("latin1").replaceAll("\r\n", "\n"), "latin1");
  return blobIdOf(unix, algorithm) === blobId;
}
