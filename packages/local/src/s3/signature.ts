/** S3's signatures, checked: in the Authorization header, in a presigned address, and under a posted form's policy. */
import { ACCESS_KEY_ID, LOCAL_REGION } from "../credentials";
import {
  ALGORITHM,
  CLOCK_SKEW_MS,
  canonicalRequest,
  encoded,
  isSignature,
  parseAuthorization,
  signatureOf,
  signsWhatCounts,
  stringToSign,
  timeOf,
} from "../signature-v4";
import { accessDenied, S3Error } from "./errors";
import type { Headers, S3Request } from "./request";

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
 * Checks who sent the request and that nothing of it was changed. `key` is the data folder's.
 * @returns the hash that the body must have: hex of SHA-256, or one of AWS's words for a body that is not hashed
 * @throws {S3Error} with the status and code of AWS
 */
export function verifySignature(request: S3Request, key: string, nowMs = Date.now()): string {
  const { query, headers } = request;
  const presigned = query.has("X-Amz-Signature") || query.has("X-Amz-Algorithm");
  if (!presigned && headers.authorization === undefined) throw accessDenied();
  const claim = presigned ? presignedClaim(request, nowMs) : headerClaim(headers, nowMs);
  if (!signsWhatCounts(claim.signedHeaders, headers))
    throw accessDenied("There were headers present in the request which were not signed");
  const { method, path } = request;
  const parts = {
    ...{ method, path: path.split("/").map(encoded).join("/"), headers },
    query: query.pairs.filter(([name]) => name !== "X-Amz-Signature"),
  };
  const canonical = canonicalRequest(parts, claim.signedHeaders, claim.payloadHash);
  checkSignature(claim, key, stringToSign(claim.date, scopeOf(claim), canonical));
  return claim.payloadHash;
}

/**
 * Checks the signature under a posted form's policy.
 * @param policy as it was sent, in base64
 * @throws {S3Error}
 */
export function verifyPolicySignature(policy: string, fields: Map<string, string>, key: string): void {
  const claim = {
    credential: fields.get("x-amz-credential") ?? "",
    signature: fields.get("x-amz-signature") ?? "",
    date: fields.get("x-amz-date") ?? "",
  };
  if (fields.get("x-amz-algorithm") !== ALGORITHM) throw accessDenied();
  checkSignature(claim, key, policy);
}

function headerClaim(headers: Headers, nowMs: number): Claim {
  const claim = parseAuthorization(headers.authorization);
  if (!claim) throw new S3Error(400, "AuthorizationHeaderMalformed", "The authorization header is malformed.");
  const payloadHash = headers["x-amz-content-sha256"];
  if (!payloadHash) throw new S3Error(400, "InvalidRequest", "Missing required header: x-amz-content-sha256");
  const date = headers["x-amz-date"] ?? "";
  if (Math.abs(nowMs - signedTime(date)) > CLOCK_SKEW_MS)
    throw new S3Error(403, "RequestTimeTooSkewed", "The request's time and the server's time differ too much.");
  return { ...claim, date, payloadHash };
}

function presignedClaim({ query }: S3Request, nowMs: number): Claim {
  const date = query.get("X-Amz-Date") ?? "";
  const seconds = query.number("X-Amz-Expires", 1) ?? 0;
  if (query.get("X-Amz-Algorithm") !== ALGORITHM || seconds === 0 || seconds > LONGEST_PRESIGNED_S)
    throw new S3Error(400, "AuthorizationQueryParametersError", "The query parameters of the signature are not valid.");
  const signedAt = signedTime(date);
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

type Signed = Pick<Claim, "credential" | "signature" | "date">;

function checkSignature(claim: Signed, key: string, text: string): void {
  const [accessKeyId, day, region, service, end] = claim.credential.split("/");
  if (accessKeyId !== ACCESS_KEY_ID)
    throw new S3Error(403, "InvalidAccessKeyId", "The access key id you provided does not exist in our records.");
  if (region !== LOCAL_REGION)
    throw new S3Error(400, "AuthorizationHeaderMalformed", `The region is wrong; expecting '${LOCAL_REGION}'`);
  if (!day || service !== "s3" || end !== "aws4_request" || !claim.date.startsWith(day))
    throw new S3Error(400, "AuthorizationHeaderMalformed", "The credential's scope is malformed.");
  if (!isSignature(claim.signature, signatureOf(key, scopeOf(claim), text)))
    throw new S3Error(
      403,
      "SignatureDoesNotMatch",
      "The request signature we calculated does not match the signature you provided.",
    );
}

const scopeOf = (claim: Signed) => claim.credential.slice(claim.credential.indexOf("/") + 1);

/** @throws {S3Error} AccessDenied when it is not a date as AWS writes it */
function signedTime(date: string): number {
  const time = timeOf(date);
  if (time === undefined) throw accessDenied("X-Amz-Date must be a valid date");
  return time;
}
