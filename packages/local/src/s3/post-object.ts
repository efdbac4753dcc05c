/** Uploads by a browser's form, under a policy that was signed before: what may be posted, where to, how much, until when. */
import { type SizeRange, storeChunks } from "./body";
import { accessDenied, S3Error } from "./errors";
import { readForm } from "./form";
import { describedBy, versionHeaders } from "./object-operations";
import { checkKey } from "./request";
import type { Operation } from "./service";
import { verifyPolicySignature } from "./signature";
import { textElement, xmlDocument } from "./xml";

const LARGEST_POST_BYTES = 5 * 1024 ** 3;
/** Fields that need no condition, because they carry the policy or nothing. */
const UNCONDITIONED = new Set(["policy", "x-amz-signature", "file"]);

export const postObject: Operation = async ({ buckets, blobs, objects, url, key: signingKey }, request) => {
  const { fields, fileName, file } = await readForm(request);
  const policy = fields.get("policy");
  if (!policy) throw accessDenied("A posted form must have a policy.");
  verifyPolicySignature(policy, fields, signingKey);
  const size = checkPolicy(policy, new Map([...fields, ["bucket", request.bucket]]), fields);
  const bucket = buckets.get(request.bucket);
  const key = (fields.get("key") ?? "").replaceAll(/\$\{filename\}/g, () => fileName);
  if (!key) throw new S3Error(400, "InvalidArgument", "Bucket POST must contain a field named 'key'.");
  checkKey(key);
  const headers = Object.fromEntries(fields);
  const body = await storeChunks(file, blobs, size, headers);
  const version = await objects.put(bucket, key, body, describedBy(headers));
  const location = `${url}/${request.bucket}/${key.split("/").map(encodeURIComponent).join("/")}`;
  const responseHeaders = { ...versionHeaders(version), location };
  const redirect = fields.get("success_action_redirect");
  if (redirect && URL.canParse(redirect)) {
    const to = new URL(redirect);
    to.searchParams.set("bucket", request.bucket);
    to.searchParams.set("key", key);
    to.searchParams.set("etag", `"${version.etag}"`);
    return { status: 303, headers: { ...responseHeaders, location: to.href } };
  }
  const status = fields.get("success_action_status");
  if (status !== "201") return { status: status === "200" ? 200 : 204, headers: responseHeaders };
  return {
    status: 201,
    headers: responseHeaders,
    xml: xmlDocument(
      "PostResponse",
      textElement("Location", location),
      textElement("Bucket", request.bucket),
      textElement("Key", key),
      textElement("ETag", `"${version.etag}"`),
    ),
  };
};

/**
 * @param values what the conditions are held against: the fields and the bucket, by lower-case name
 * @param fields what was sent; each must be under a condition
 * @returns the sizes that the file may have
 * @throws {S3Error} AccessDenied, InvalidPolicyDocument
 */
function checkPolicy(
  policy: string,
  values: ReadonlyMap<string, string>,
  fields: ReadonlyMap<string, string>,
  nowMs = Date.now(),
): SizeRange {
  const { expiration, conditions } = parsePolicy(policy);
  if (!(Date.parse(expiration) > nowMs)) throw accessDenied("Invalid according to Policy: Policy expired.");
  const size: SizeRange = { least: 0, most: LARGEST_POST_BYTES };
  const conditioned = new Set<string>();
  for (const condition of conditions.flatMap(asTriples)) {
    const [kind, name, wanted] = condition;
    if (kind === "content-length-range") {
      size.least = Math.max(size.least, Number(name));
      size.most = Math.min(size.most, Number(wanted));
      if (Number.isNaN(size.least) || Number.isNaN(size.most)) throw invalidPolicy();
      continue;
    }
    const field = String(name).replace(/^\$/, "").toLowerCase();
    const value = values.get(field) ?? "";
    const holds = kind === "eq" ? value === wanted : kind === "starts-with" && value.startsWith(String(wanted));
    if (!holds)
      throw accessDenied(`Invalid according to Policy: Policy Condition failed: ${JSON.stringify(condition)}`);
    conditioned.add(field);
  }
  for (const field of fields.keys())
    if (!conditioned.has(field) && !UNCONDITIONED.has(field) && !field.startsWith("x-ignore-"))
      throw accessDenied(`Invalid according to Policy: Extra input fields: ${field}`);
  return size;
}

function parsePolicy(policy: string): { expiration: string; conditions: unknown[] } {
  let parsed: unknown;
  try {
    parsed = JSON.parse(Buffer.from(policy, "base64").toString("utf8"));
  } catch (cause) {
    throw Object.assign(invalidPolicy(), { cause });
  }
  if (typeof parsed !== "object" || parsed === null || !("expiration" in parsed) || !("conditions" in parsed))
    throw invalidPolicy();
  const { expiration, conditions } = parsed;
  if (typeof expiration !== "string" || !Array.isArray(conditions)) throw invalidPolicy();
  return { expiration, conditions };
}

type Triple = [kind: string, name: unknown, wanted: unknown];

/** `{name: value}` is short for `["eq", "$name", value]`. */
function asTriples(condition: unknown): Triple[] {
  if (Array.isArray(condition)) {
    const [kind, name, wanted] = condition;
    if (condition.length !== 3 || typeof kind !== "string") throw invalidPolicy();
    return [[kind.toLowerCase(), name, wanted]];
  }
  if (typeof condition !== "object" || condition === null) throw invalidPolicy();
  return Object.entries(condition).map(([name, wanted]) => ["eq", `$${name}`, wanted]);
}

const invalidPolicy = () =>
  new S3Error(
    400,
    "InvalidPolicyDocument",
    "The content of the form does not meet the conditions of a policy document.",
  );
