/** A request's body on its way to a file: unchunked, measured, and checked against every digest that was sent with it. */
import { createHash, type Hash } from "node:crypto";
import { crc32 } from "node:zlib";
import { unchunked } from "./aws-chunked";
import type { BlobFiles } from "./blobs";
import { malformedXml, notImplemented, S3Error } from "./errors";
import type { Headers, S3Request } from "./request";
import { UNSIGNED_PAYLOAD } from "./signature";

/** The algorithms by their names in the SDKs, without the `x-amz-checksum-` prefix. */
export type ChecksumAlgorithm = "crc32" | "sha1" | "sha256";

export interface Checksum {
  algorithm: ChecksumAlgorithm;
  /** Base64. */
  value: string;
}

/** A body in its place among the blobs, not yet named by any object. */
export interface StoredBody {
  blob: string;
  size: number;
  /** MD5 in hex, without quotes. */
  etag: string;
  checksum?: Checksum;
}

export interface SizeRange {
  least: number;
  most: number;
}

const LARGEST_PUT_BYTES = 5 * 1024 ** 3;
const LARGEST_DOCUMENT_BYTES = 2 * 1024 * 1024;
const TRAILING = "STREAMING-UNSIGNED-PAYLOAD-TRAILER";

/**
 * Stores the body of a PUT.
 * @param payloadHash what the signature says of the body
 * @throws {S3Error} BadDigest and its kin; then nothing is stored
 */
export function storeBody(request: S3Request, payloadHash: string, blobs: BlobFiles): Promise<StoredBody> {
  const { headers } = request;
  const trailers = new Map<string, string>();
  const chunks = payload(request, payloadHash, trailers);
  return storeChunks(chunks, blobs, { least: 0, most: LARGEST_PUT_BYTES }, headers, trailers, payloadHash);
}

/**
 * Stores bytes from anywhere, checked against digests in `headers` and, once the bytes are read, in `trailers`.
 * @throws {S3Error} EntityTooLarge, EntityTooSmall, BadDigest; then nothing is stored
 */
export async function storeChunks(
  chunks: AsyncIterable<Buffer>,
  blobs: BlobFiles,
  { least, most }: SizeRange,
  headers: Headers,
  trailers: ReadonlyMap<string, string> = new Map(),
  payloadHash: string = UNSIGNED_PAYLOAD,
): Promise<StoredBody> {
  const md5 = createHash("md5");
  const promised = promisedChecksum(headers);
  const digest = promised && running(promised.algorithm);
  const hashed = /^[0-9a-f]{64}$/.test(payloadHash) ? createHash("sha256") : undefined;
  let size = 0;
  let stored: Omit<StoredBody, "blob"> | undefined;
  const blob = await blobs.write(
    (async function* () {
      for await (const chunk of chunks) {
        size += chunk.length;
        if (size > most)
          throw new S3Error(400, "EntityTooLarge", "Your proposed upload exceeds the maximum allowed object size.");
        md5.update(chunk);
        digest?.update(chunk);
        hashed?.update(chunk);
        yield chunk;
      }
      if (size < least)
        throw new S3Error(
          400,
          "EntityTooSmall",
          "Your proposed upload is smaller than the minimum allowed object size.",
        );
      const etag = md5.digest();
      const sentMd5 = headers["content-md5"];
      if (sentMd5 !== undefined && sentMd5 !== etag.toString("base64"))
        throw new S3Error(400, "BadDigest", "The Content-MD5 you specified did not match what we received.");
      if (hashed && hashed.digest("hex") !== payloadHash)
        throw new S3Error(
          400,
          "XAmzContentSHA256Mismatch",
          "The provided 'x-amz-content-sha256' header does not match.",
        );
      stored = { size, etag: etag.toString("hex"), checksum: checked(promised, digest, trailers) };
    })(),
  );
  if (!stored) throw new Error("a body was written without having been read to its end");
  return { blob, ...stored };
}

/** The whole body as text, for the small XML documents. @throws {S3Error} */
export async function readDocument(request: S3Request, payloadHash: string): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const chunk of payload(request, payloadHash, new Map())) {
    size += chunk.length;
    if (size > LARGEST_DOCUMENT_BYTES) throw malformedXml();
    parts.push(chunk);
  }
  const body = Buffer.concat(parts);
  if (/^[0-9a-f]{64}$/.test(payloadHash) && createHash("sha256").update(body).digest("hex") !== payloadHash)
    throw new S3Error(400, "XAmzContentSHA256Mismatch", "The provided 'x-amz-content-sha256' header does not match.");
  return body.toString("utf8");
}

function payload(request: S3Request, payloadHash: string, trailers: Map<string, string>): AsyncIterable<Buffer> {
  if (payloadHash.startsWith("STREAMING-") && payloadHash !== TRAILING) throw notImplemented("Signing each chunk");
  const chunked = payloadHash === TRAILING || request.headers["content-encoding"]?.includes("aws-chunked");
  const source: AsyncIterable<Buffer> = request.source.iterator({ destroyOnReturn: false });
  if (!chunked) return source;
  return unchunked(source, trailers, Number(request.headers["x-amz-decoded-content-length"] ?? Number.NaN));
}

const ALGORITHMS: ChecksumAlgorithm[] = ["crc32", "sha1", "sha256"];
const HEADER = "x-amz-checksum-";
/** Headers that begin like a checksum and are none. */
const NOT_CHECKSUMS = new Set([`${HEADER}mode`, `${HEADER}type`, `${HEADER}algorithm`]);

/**
 * The checksum that the headers give, or say will come in the trailer. One in a presigned address is passed over, as on
 * AWS: the SDK puts that of an empty body there.
 */
function promisedChecksum(headers: Headers): { algorithm: ChecksumAlgorithm; value?: string } | undefined {
  const sent = Object.keys(headers).find((name) => name.startsWith(HEADER) && !NOT_CHECKSUMS.has(name));
  const name = sent ?? headers["x-amz-trailer"]?.toLowerCase();
  if (!name?.startsWith(HEADER)) return undefined;
  const algorithm = ALGORITHMS.find((known) => name === HEADER + known);
  if (!algorithm) throw notImplemented(`The checksum ${name.slice(HEADER.length)}`);
  return { algorithm, value: sent && headers[sent] };
}

function checked(
  promised: { algorithm: ChecksumAlgorithm; value?: string } | undefined,
  digest: RunningDigest | undefined,
  trailers: ReadonlyMap<string, string>,
): Checksum | undefined {
  if (!promised || !digest) return undefined;
  const { algorithm } = promised;
  const value = digest.base64();
  const sent = promised.value ?? trailers.get(HEADER + algorithm);
  if (sent !== value)
    throw new S3Error(400, "BadDigest", `The ${algorithm.toUpperCase()} you specified did not match what we received.`);
  return { algorithm, value };
}

/** The algorithm that a copy asks for by its name. @throws {S3Error} */
export function requestedAlgorithm(headers: Headers): ChecksumAlgorithm | undefined {
  const name = headers[`${HEADER}algorithm`]?.toLowerCase();
  if (name === undefined) return undefined;
  const known = ALGORITHMS.find((algorithm) => algorithm === name);
  if (known) return known;
  if (["crc32c", "crc64nvme"].includes(name)) throw notImplemented(`The checksum ${name}`);
  throw new S3Error(
    400,
    "InvalidRequest",
    "Checksum algorithm provided is unsupported. Please try again with any of the valid types: [CRC32, CRC32C, CRC64NVME, SHA1, SHA256]",
  );
}

/** The digests of content that is stored already. */
export async function digestsOf(
  content: AsyncIterable<Buffer>,
  algorithm: ChecksumAlgorithm | undefined,
): Promise<Pick<StoredBody, "etag" | "checksum">> {
  const md5 = createHash("md5");
  const digest = algorithm && running(algorithm);
  for await (const chunk of content) {
    md5.update(chunk);
    digest?.update(chunk);
  }
  return {
    etag: md5.digest("hex"),
    ...(algorithm && digest ? { checksum: { algorithm, value: digest.base64() } } : {}),
  };
}

interface RunningDigest {
  update(chunk: Buffer): void;
  base64(): string;
}

function running(algorithm: ChecksumAlgorithm): RunningDigest {
  if (algorithm === "crc32") {
    let value = 0;
    return {
      update: (chunk) => {
        value = crc32(chunk, value);
      },
      base64: () => {
        const bytes = Buffer.alloc(4);
        bytes.writeUInt32BE(value);
        return bytes.toString("base64");
      },
    };
  }
  const hash: Hash = createHash(algorithm);
  return { update: (chunk) => hash.update(chunk), base64: () => hash.digest("base64") };
}
