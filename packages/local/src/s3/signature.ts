/**
 * AWS Signature Version 4, checked: in the Authorization header, in a presigned address, and under a posted form's
 * policy. Followed from AWS's public description of the canonical request.
 */
import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import { LOCAL_CREDENTIALS } from "../credentials";
import { accessDenied, S3Error } from "./errors";
import type { Headers, S3Request } from "./request";

const ALGORITHM = "AWS4-HMAC-SHA256";
const CLOCK_SKEW_MS = 15 * 60_000;
const LONGEST_PRESIGNED_S = 7 * 86_400;
export const UNSIGNED_PAYLOAD = "UNSIGNED-PAYLOAD";

interface Claim {
  credential: string;
  signedHeaders: string;
  signature: string;
  /** `YYYYMMDDTHHMMSSZ`. */
  date: string;
  payloadHash: string;
}

/**
 * Checks who sent the request and that nothing of it was changed.
 * @returns the hash that the body must have: hex of SHA-256, or one of AWS's words for a body that is not hashed
 * @throws {S3Error} with the status and code of AWS
 */
export function verifySignature(request: S3Request, nowMs = Date.now()): string {
  const { query, headers } = request;
  const presigned = query.has("X-Amz-Signature") || query.has("X-Amz-Algorithm");
  if (!presigned && headers.authorization === undefined) throw accessDenied();
  const claim = presigned ? presignedClaim(request, nowMs) : headerClaim(headers, nowMs);
  checkSignedHeaders(claim, headers);
  const canonical = canonicalRequest(request, claim);
  checkSignature(claim, [ALGORITHM, claim.date, scopeOf(claim), sha256(canonical)].join("\n"));
  return claim.payloadHash;
}

/**
 * Checks the signature under a posted form's policy.
 * @param policy as it was sent, in base64
 * @throws {S3Error}
 */
export function verifyPolicySignature(policy: string, fields: Map<string, string>): void {
  const claim = {
    credential: fields.get("x-amz-credential") ?? "",
    signature: fields.get("x-amz-signature") ?? "",
    date: fields.get("x-amz-date") ?? "",
  };
  if (fields.get("x-amz-algorithm") !== ALGORITHM) throw accessDenied();
  checkSignature(claim, policy);
}

function headerClaim(headers: Headers, nowMs: number): Claim {
  const match = /^AWS4-HMAC-SHA256 Credential=([^,\s]+),\s*SignedHeaders=([^,\s]+),\s*Signature=([0-9a-f]{64})$/.exec(
    headers.authorization ?? "",
  );
  const [, credential, signedHeaders, signature] = match ?? [];
  if (!credential || !signedHeaders || !signature)
    throw new S3Error(400, "AuthorizationHeaderMalformed", "The authorization header is malformed.");
  const payloadHash = headers["x-amz-content-sha256"];
  if (!payloadHash) throw new S3Error(400, "InvalidRequest", "Missing required header: x-amz-content-sha256");
  const date = headers["x-amz-date"] ?? "";
  if (Math.abs(nowMs - timeOf(date)) > CLOCK_SKEW_MS)
    throw new S3Error(403, "RequestTimeTooSkewed", "The request's time and the server's time differ too much.");
  return { credential, signedHeaders, signature, date, payloadHash };
}

function presignedClaim({ query }: S3Request, nowMs: number): Claim {
  const date = query.get("X-Amz-Date") ?? "";
  const seconds = query.number("X-Amz-Expires", 1) ?? 0;
  if (query.get("X-Amz-Algorithm") !== ALGORITHM || seconds === 0 || seconds > LONGEST_PRESIGNED_S)
    throw new S3Error(400, "AuthorizationQueryParametersError", "The query parameters of the signature are not valid.");
  const signedAt = timeOf(date);
  if (signedAt > nowMs + CLOCK_SKEW_MS) throw accessDenied("Request is not valid yet");
  if (nowMs > signedAt + seconds * 1_000) throw accessDenied("Request has expired");
  return {
    credential: query.get("X-Amz-Credential") ?? "",
    signedHeaders: query.get("X-Amz-SignedHeaders") ?? "",
    signature: query.get("X-Amz-Signature") ?? "",
    date,
    payloadHash: query.get("X-Amz-Content-Sha256") ?? UNSIGNED_PAYLOAD,
  };
}

/** Every header that changes what is done must be under the signature, or a presigned address could do more than meant. */
function checkSignedHeaders(claim: Claim, headers: Headers): void {
  const signed = new Set(claim.signedHeaders.split(";"));
  const loose = Object.keys(headers).some(
    (name) => name.startsWith("x-amz-") && name !== "x-amz-user-agent" && !signed.has(name),
  );
  if (!signed.has("host") || loose)
    throw accessDenied("There were headers present in the request which were not signed");
}

function canonicalRequest({ method, path, query, headers }: S3Request, claim: Claim): string {
  const canonicalQuery = query.pairs
    .filter(([name]) => name !== "X-Amz-Signature")
    .map(([name, value]) => `${encoded(name)}=${encoded(value)}`)
    .sort()
    .join("&");
  const canonicalHeaders = claim.signedHeaders
    .split(";")
    .map((name) => `${name}:${(headers[name] ?? "").trim().replace(/\s+/g, " ")}\n`)
    .join("");
  const canonicalPath = path.split("/").map(encoded).join("/");
  return [method, canonicalPath, canonicalQuery, canonicalHeaders, claim.signedHeaders, claim.payloadHash].join("\n");
}

type Signed = Pick<Claim, "credential" | "signature" | "date">;

function checkSignature(claim: Signed, stringToSign: string): void {
  const [accessKeyId, day, region, service, end] = claim.credential.split("/");
  if (accessKeyId !== LOCAL_CREDENTIALS.accessKeyId)
    throw new S3Error(403, "InvalidAccessKeyId", "The access key id you provided does not exist in our records.");
  if (!day || !region || service !== "s3" || end !== "aws4_request" || !claim.date.startsWith(day))
    throw new S3Error(400, "AuthorizationHeaderMalformed", "The credential's scope is malformed.");
  const wanted = hmac(signingKey(day, region), stringToSign);
  const given = Buffer.from(claim.signature, "hex");
  if (given.length !== wanted.length || !timingSafeEqual(given, wanted))
    throw new S3Error(
      403,
      "SignatureDoesNotMatch",
      "The request signature we calculated does not match the signature you provided.",
    );
}

const scopeOf = (claim: Signed) => claim.credential.slice(claim.credential.indexOf("/") + 1);

const hmac = (key: Buffer | string, data: string) => createHmac("sha256", key).update(data).digest();
const sha256 = (data: string) => createHash("sha256").update(data).digest("hex");

function signingKey(day: string, region: string): Buffer {
  const secret = `AWS4${LOCAL_CREDENTIALS.secretAccessKey}`;
  return hmac(hmac(hmac(hmac(secret, day), region), "s3"), "aws4_request");
}

/** As AWS encodes: everything but the unreserved characters of RFC 3986. */
function encoded(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** @throws {S3Error} AccessDenied when it is not a date as AWS writes it */
function timeOf(date: string): number {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(date);
  if (!match) throw accessDenied("X-Amz-Date must be a valid date");
  const [, year, month, day, hour, minute, second] = match;
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
}
