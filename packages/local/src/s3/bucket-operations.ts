/** Operations on buckets and their settings. */
import { readDocument } from "./body";
import type { CorsRule, LifecycleRule } from "./buckets";
import { wholeNumber } from "./conditions";
import { malformedXml, notImplemented, S3Error } from "./errors";
import type { Operation } from "./service";
import { element, parseXml, textElement, type XmlElement, xmlDocument } from "./xml";

export const listBuckets: Operation = async ({ buckets }) => ({
  xml: xmlDocument(
    "ListAllMyBucketsResult",
    element(
      "Buckets",
      ...buckets
        .all()
        .map(({ name, createdAtMs }) =>
          element(
            "Bucket",
            textElement("Name", name),
            textElement("CreationDate", new Date(createdAtMs).toISOString()),
          ),
        ),
    ),
  ),
});

export const createBucket: Operation = async ({ buckets }, request, payloadHash) => {
  await readDocument(request, payloadHash);
  await buckets.create(request.bucket);
  return { headers: { location: `/${request.bucket}` } };
};

export const headBucket: Operation = async ({ buckets }, { bucket }) => {
  buckets.get(bucket);
  return { headers: { "x-amz-bucket-region": "us-east-1" } };
};

export const getBucketLocation: Operation = async ({ buckets }, { bucket }) => {
  buckets.get(bucket);
  return { xml: xmlDocument("LocationConstraint") };
};

export const deleteBucket: Operation = async ({ buckets, objects }, { bucket }) => {
  if (!(await objects.isEmpty(buckets.get(bucket))))
    throw new S3Error(409, "BucketNotEmpty", "The bucket you tried to delete is not empty");
  await buckets.remove(bucket);
  return { status: 204 };
};

export const putBucketVersioning: Operation = async ({ buckets }, request, payloadHash) => {
  const status = parseXml(await readDocument(request, payloadHash)).textOf("Status");
  if (status !== "Enabled" && status !== "Suspended") throw malformedXml();
  await buckets.change(request.bucket, { versioning: status });
  return {};
};

export const getBucketVersioning: Operation = async ({ buckets }, { bucket }) => ({
  xml: xmlDocument("VersioningConfiguration", textElement("Status", buckets.get(bucket).versioning)),
});

export const putBucketCors: Operation = async ({ buckets }, request, payloadHash) => {
  const cors = parseXml(await readDocument(request, payloadHash))
    .all("CORSRule")
    .map(corsRule);
  if (cors.length === 0) throw malformedXml();
  await buckets.change(request.bucket, { cors });
  return {};
};

function corsRule(rule: XmlElement): CorsRule {
  const texts = (name: string) => rule.all(name).map(({ text }) => text);
  const maxAge = rule.textOf("MaxAgeSeconds");
  const parsed = {
    allowedOrigins: texts("AllowedOrigin"),
    allowedMethods: texts("AllowedMethod"),
    allowedHeaders: texts("AllowedHeader"),
    exposedHeaders: texts("ExposeHeader"),
    maxAgeSeconds: maxAge === undefined ? undefined : wholeNumber(maxAge, "MaxAgeSeconds"),
  };
  if (parsed.allowedOrigins.length === 0 || parsed.allowedMethods.length === 0) throw malformedXml();
  if ([...parsed.allowedOrigins, ...parsed.allowedHeaders].some((pattern) => pattern.split("*").length > 2))
    throw new S3Error(400, "InvalidRequest", "A CORS pattern can not have more than one wildcard.");
  return parsed;
}

export const getBucketCors: Operation = async ({ buckets }, { bucket }) => {
  const { cors } = buckets.get(bucket);
  if (cors.length === 0) throw new S3Error(404, "NoSuchCORSConfiguration", "The CORS configuration does not exist");
  const texts = (name: string, all: string[]) => all.map((text) => textElement(name, text));
  return {
    xml: xmlDocument(
      "CORSConfiguration",
      ...cors.map((rule) =>
        element(
          "CORSRule",
          ...texts("AllowedOrigin", rule.allowedOrigins),
          ...texts("AllowedMethod", rule.allowedMethods),
          ...texts("AllowedHeader", rule.allowedHeaders),
          ...texts("ExposeHeader", rule.exposedHeaders),
          textElement("MaxAgeSeconds", rule.maxAgeSeconds),
        ),
      ),
    ),
  };
};

export const deleteBucketCors: Operation = async ({ buckets }, { bucket }) => {
  await buckets.change(bucket, { cors: [] });
  return { status: 204 };
};

export const putBucketLifecycle: Operation = async ({ buckets }, request, payloadHash) => {
  const lifecycle = parseXml(await readDocument(request, payloadHash))
    .all("Rule")
    .map(lifecycleRule);
  if (lifecycle.length === 0) throw malformedXml();
  await buckets.change(request.bucket, { lifecycle });
  return {};
};

/** Only what the sweep honours is accepted: a rule that is silently not followed would keep what should be gone. */
function lifecycleRule(rule: XmlElement, index: number): LifecycleRule {
  const filter = rule.first("Filter");
  const unknown = [
    ...rule.children.filter(({ name }) => !KNOWN_RULE_PARTS.has(name)),
    ...(filter?.children.filter(({ name }) => name !== "Prefix") ?? []),
    ...(rule.first("Expiration")?.children.filter(({ name }) => name !== "Days") ?? []),
  ];
  if (unknown[0]) throw notImplemented(`The lifecycle element ${unknown[0].name}`);
  const days = (part: string, name: string) => {
    const text = rule.first(part)?.textOf(name);
    return text === undefined ? undefined : wholeNumber(text, name);
  };
  return {
    id: rule.textOf("ID") ?? `rule-${index + 1}`,
    enabled: rule.textOf("Status") === "Enabled",
    prefix: filter?.textOf("Prefix") ?? rule.textOf("Prefix") ?? "",
    expireAfterDays: days("Expiration", "Days"),
    expireOldVersionsAfterDays: days("NoncurrentVersionExpiration", "NoncurrentDays"),
    abortUploadsAfterDays: days("AbortIncompleteMultipartUpload", "DaysAfterInitiation"),
  };
}

const KNOWN_RULE_PARTS = new Set([
  "ID",
  "Status",
  "Prefix",
  "Filter",
  "Expiration",
  "NoncurrentVersionExpiration",
  "AbortIncompleteMultipartUpload",
]);

export const getBucketLifecycle: Operation = async ({ buckets }, { bucket }) => {
  const { lifecycle } = buckets.get(bucket);
  if (lifecycle.length === 0)
    throw new S3Error(404, "NoSuchLifecycleConfiguration", "The lifecycle configuration does not exist");
  const part = (name: string, daysName: string, days: number | undefined) =>
    days === undefined ? [] : [element(name, textElement(daysName, days))];
  return {
    xml: xmlDocument(
      "LifecycleConfiguration",
      ...lifecycle.map((rule) =>
        element(
          "Rule",
          textElement("ID", rule.id),
          element("Filter", textElement("Prefix", rule.prefix)),
          textElement("Status", rule.enabled ? "Enabled" : "Disabled"),
          ...part("Expiration", "Days", rule.expireAfterDays),
          ...part("NoncurrentVersionExpiration", "NoncurrentDays", rule.expireOldVersionsAfterDays),
          ...part("AbortIncompleteMultipartUpload", "DaysAfterInitiation", rule.abortUploadsAfterDays),
        ),
      ),
    ),
  };
};

export const deleteBucketLifecycle: Operation = async ({ buckets }, { bucket }) => {
  await buckets.change(bucket, { lifecycle: [] });
  return { status: 204 };
};

/** Settings that have no meaning for one person on one machine, and are safe to agree to. */
export const acceptSetting: Operation = async ({ buckets }, request, payloadHash) => {
  buckets.get(request.bucket);
  await readDocument(request, payloadHash);
  return {};
};
