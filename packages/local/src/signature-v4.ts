/**
 * AWS Signature Version 4, as every service of the laptop's cloud checks it and as its own processes sign. Followed from
 * AWS's public description of the canonical request.
 */
import { createHash, createHmac, timingSafeEqual } from "node:crypto";

export const ALGORITHM = "AWS4-HMAC-SHA256";
export const CLOCK_SKEW_MS = 15 * 60_000;

export interface CanonicalParts {
  method: string;
  /** Encoded as the service wants it: S3 once, all others twice. */
  path: string;
  /** Decoded names and values. */
  query: readonly (readonly [name: string, value: string])[];
  /** By lower-case name. */
  headers: Readonly<Record<string, string | undefined>>;
}

/** The claims of an Authorization header. */
export interface Claim {
  credential: string;
  /** Lower-case names with semicolons between them. */
  signedHeaders: string;
  /** 64 hex digits. */
  signature: string;
}

/** Undefined when the header is absent or not of this algorithm's shape. */
export function parseAuthorization(header: string | undefined): Claim | undefined {
  const match = /^AWS4-HMAC-SHA256 Credential=([^,\s]+),\s*SignedHeaders=([^,\s]+),\s*Signature=([0-9a-f]{64})$/.exec(
    header ?? "",
  );
  const [, credential, signedHeaders, signature] = match ?? [];
  return credential && signedHeaders && signature ? { credential, signedHeaders, signature } : undefined;
}

/** Returns whether all headers that affect the operation are signed; else a captured signature would fit another one. */
export function signsWhatCounts(signedHeaders: string, headers: CanonicalParts["headers"]): boolean {
  const signed = new Set(signedHeaders.split(";"));
  const isLoose = (name: string) => name.startsWith("x-amz-") && name !== "x-amz-user-agent" && !signed.has(name);
  return signed.has("host") && !Object.keys(headers).some(isLoose);
}

/** @param payloadHash hex of the body's SHA-256, or one of S3's words for a body that is not hashed */
export function canonicalRequest(
  { method, path, query, headers }: CanonicalParts,
  signedHeaders: string,
  payloadHash: string,
): string {
  const canonicalQuery = query
    .map(([name, value]) => `${encoded(name)}=${encoded(value)}`)
    .sort()
    .join("&");
  const canonicalHeaders = signedHeaders
    .split(";")
    .map((name) => `${name}:${(headers[name] ?? "").trim().replace(/\s+/g, " ")}\n`)
    .join("");
  return [method, path, canonicalQuery, canonicalHeaders, signedHeaders, payloadHash].join("\n");
}

/** @param scope `YYYYMMDD/region/service/aws4_request` */
export function signatureOf(secret: string, scope: string, stringToSign: string): Buffer {
  return hmac(signingKey(secret, scope), stringToSign);
}

/** @param date `YYYYMMDDTHHMMSSZ` */
export const stringToSign = (date: string, scope: string, canonical: string): string =>
  [ALGORITHM, date, scope, sha256(canonical)].join("\n");

/** In constant time. @param given hex */
export function isSignature(given: string, wanted: Buffer): boolean {
  const bytes = Buffer.from(given, "hex");
  return bytes.length === wanted.length && timingSafeEqual(bytes, wanted);
}

/** In ms; undefined when it is not a date as AWS writes it, `YYYYMMDDTHHMMSSZ`. */
export function timeOf(date: string): number | undefined {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(date);
  if (!match) return undefined;
  const [, year, month, day, hour, minute, second] = match;
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
}

export const amzDate = (ms: number): string => new Date(ms).toISOString().replace(/[-:]|\.\d+/g, "");

export const sha256 = (data: string | Uint8Array): string => createHash("sha256").update(data).digest("hex");

/** Encodes as AWS does: everything but the unreserved characters of RFC 3986. */
export function encoded(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}

const hmac = (key: Buffer | string, data: string) => createHmac("sha256", key).update(data).digest();

/** The last few keys: a process signs and checks with the same ones all day. */
const keys = new Map<string, Buffer>();

function signingKey(secret: string, scope: string): Buffer {
  const name = `${secret}/${scope}`;
  const known = keys.get(name);
  if (known) return known;
  const [day = "", region = "", service = "", end = ""] = scope.split("/");
  const key = hmac(hmac(hmac(hmac(`AWS4${secret}`, day), region), service), end);
  if (keys.size > 20) keys.clear();
  keys.set(name, key);
  return key;
}
