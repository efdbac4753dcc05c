/** Listing of keys and of versions. */
import type { Bucket } from "./buckets";
import { invalidArgument } from "./errors";
import { type ListPage, listObjects, listVersions } from "./listing";
import type { ObjectVersion } from "./objects";
import type { QueryParameters } from "./request";
import type { Operation } from "./service";
import { element, type Markup, textElement, xmlDocument } from "./xml";

const PAGE_LIMIT = 1_000;

export const listObjectsV2: Operation = async ({ store, buckets }, { bucket: name, query }) => {
  const bucket = buckets.get(name);
  const token = query.get("continuation-token");
  const shared = sharedQuery(query);
  const page = await listObjects(store, bucket, {
    ...shared,
    after: token === undefined ? query.get("start-after") : fromToken(token),
  });
  return {
    xml: xmlDocument(
      "ListBucketResult",
      ...shownQuery(bucket, query, shared, page),
      textElement("KeyCount", page.entries.length + page.commonPrefixes.length),
      textElement("ContinuationToken", token),
      textElement("StartAfter", query.get("start-after")),
      textElement("NextContinuationToken", page.next && toToken(page.next.after)),
      ...page.entries.map((version) => element("Contents", ...shownVersion(version, query))),
      ...shownPrefixes(page, query),
    ),
  };
};

export const listObjectVersions: Operation = async ({ store, buckets, objects }, { bucket: name, query }) => {
  const bucket = buckets.get(name);
  const shared = sharedQuery(query);
  const page = await listVersions(store, bucket, {
    ...shared,
    after: query.get("key-marker"),
    afterVersionId: query.get("version-id-marker"),
  });
  const entries: Markup[] = [];
  let newest: ObjectVersion | undefined;
  for (const version of page.entries) {
    if (newest?.key !== version.key) {
      newest = version;
      for await (const first of objects.versions(bucket, version.key)) {
        newest = first;
        break;
      }
    }
    entries.push(
      element(
        version.blob ? "Version" : "DeleteMarker",
        ...shownVersion(version, query),
        textElement("VersionId", version.versionId),
        textElement("IsLatest", version.sequence === newest.sequence),
      ),
    );
  }
  return {
    xml: xmlDocument(
      "ListVersionsResult",
      ...shownQuery(bucket, query, shared, page),
      textElement("KeyMarker", query.get("key-marker") ?? ""),
      textElement("VersionIdMarker", query.get("version-id-marker") ?? ""),
      textElement("NextKeyMarker", page.next && shown(page.next.after, query)),
      textElement("NextVersionIdMarker", page.next?.afterVersionId),
      ...entries,
      ...shownPrefixes(page, query),
    ),
  };
};

interface SharedQuery {
  prefix: string;
  delimiter?: string;
  limit: number;
}

function sharedQuery(query: QueryParameters): SharedQuery {
  return {
    prefix: query.get("prefix") ?? "",
    delimiter: query.get("delimiter") || undefined,
    limit: Math.min(query.number("max-keys", 0) ?? PAGE_LIMIT, PAGE_LIMIT),
  };
}

function shownQuery(bucket: Bucket, query: QueryParameters, shared: SharedQuery, page: ListPage): Markup[] {
  return [
    textElement("Name", bucket.name),
    textElement("Prefix", shown(shared.prefix, query)),
    textElement("Delimiter", shared.delimiter && shown(shared.delimiter, query)),
    textElement("MaxKeys", shared.limit),
    textElement("EncodingType", query.get("encoding-type")),
    textElement("IsTruncated", page.next !== undefined),
  ];
}

function shownVersion(version: ObjectVersion, query: QueryParameters): Markup[] {
  return [
    textElement("Key", shown(version.key, query)),
    textElement("LastModified", new Date(version.lastModifiedMs).toISOString()),
    ...(version.blob
      ? [
          textElement("ETag", `"${version.etag}"`),
          textElement("ChecksumAlgorithm", version.checksum?.algorithm.toUpperCase()),
          textElement("Size", version.size),
          textElement("StorageClass", "STANDARD"),
        ]
      : []),
  ];
}

const shownPrefixes = (page: ListPage, query: QueryParameters): Markup[] =>
  page.commonPrefixes.map((prefix) => element("CommonPrefixes", textElement("Prefix", shown(prefix, query))));

/** Keys may hold characters that XML cannot; a client may request them encoded. */
function shown(text: string, query: QueryParameters): string {
  return query.get("encoding-type") === "url" ? encodeURIComponent(text).replaceAll("%2F", "/") : text;
}

const toToken = (after: string) => Buffer.from(after, "utf8").toString("base64url");

function fromToken(token: string): string {
  const after = Buffer.from(token, "base64url").toString("utf8");
  if (toToken(after) !== token) throw invalidArgument("The continuation token provided is incorrect");
  return after;
}
