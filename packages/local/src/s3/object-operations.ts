/** Operations on single objects, and the deletion of many. */
import { Readable } from "node:stream";
import { digestsOf, readDocument, requestedAlgorithm, storeBody } from "./body";
import { byteRange, checkCopyConditions, checkReadConditions, writeCondition } from "./conditions";
import { malformedXml, S3Error } from "./errors";
import { inert } from "./inert";
import { type ContentDescription, type ObjectVersion, UNVERSIONED } from "./objects";
import { checkKey, type Headers, QueryParameters } from "./request";
import type { Operation, S3Response, S3Service } from "./service";
import { element, type Markup, parseXml, textElement, xmlDocument } from "./xml";

const KEPT_HEADERS = ["cache-control", "content-disposition", "content-encoding", "content-language", "expires"];
const METADATA = "x-amz-meta-";
const METADATA_LIMIT_BYTES = 2_048;
const DELETE_LIMIT_KEYS = 1_000;

/** Reads the content's description from the headers of a write. @throws {S3Error} MetadataTooLarge */
export function describedBy(headers: Headers): ContentDescription {
  const description: ContentDescription = {
    contentType: headers["content-type"] ?? "application/octet-stream",
    headers: {},
    metadata: {},
  };
  let metadataBytes = 0;
  for (const [name, value = ""] of Object.entries(headers)) {
    if (name.startsWith(METADATA)) {
      description.metadata[name.slice(METADATA.length)] = value;
      metadataBytes += name.length - METADATA.length + value.length;
    } else if (KEPT_HEADERS.includes(name)) {
      const kept = name === "content-encoding" ? withoutChunking(value) : value;
      if (kept) description.headers[name] = kept;
    }
  }
  if (metadataBytes > METADATA_LIMIT_BYTES)
    throw new S3Error(400, "MetadataTooLarge", "Your metadata headers exceed the maximum allowed metadata size.");
  return description;
}

/** Removes `aws-chunked`, which describes the transfer and not the object. */
const withoutChunking = (encodings: string) =>
  encodings
    .split(",")
    .map((encoding) => encoding.trim())
    .filter((encoding) => encoding && encoding !== "aws-chunked")
    .join(",");

export const putObject: Operation = async ({ buckets, blobs, objects }, request, payloadHash) => {
  const bucket = buckets.get(request.bucket);
  const description = describedBy(request.headers);
  const condition = writeCondition(request.headers);
  const body = await storeBody(request, payloadHash, blobs);
  return { headers: versionHeaders(await objects.put(bucket, request.key, body, description, condition)) };
};

export const copyObject: Operation = async ({ buckets, blobs, objects }, request) => {
  const bucket = buckets.get(request.bucket);
  const { headers } = request;
  const [path = "", query = ""] = (headers["x-amz-copy-source"] ?? "").split("?");
  const source = decodeSource(path);
  const from = await objects.find(buckets.get(source.bucket), source.key, new QueryParameters(query).get("versionId"));
  if (!from.blob) throw new S3Error(400, "InvalidRequest", "The source of a copy request may not be a delete marker.");
  const replace = headers["x-amz-metadata-directive"] === "REPLACE";
  if (!replace && source.bucket === request.bucket && source.key === request.key && !query)
    throw new S3Error(400, "InvalidRequest", "This copy request is illegal: it would copy an object onto itself.");
  checkCopyConditions(headers, from);
  const requested = requestedAlgorithm(headers);
  const blob = await blobs.copy(from.blob);
  const { size } = from;
  // A copy is one whole: it has no parts in its ETag, and its source's checksum unless another is asked for.
  const isAsItWas = !from.etag.includes("-") && (requested === undefined || requested === from.checksum?.algorithm);
  const { etag, checksum } = isAsItWas
    ? from
    : await digestsOf(
        size > 0 ? blobs.read(blob, 0, size - 1) : Readable.from([]),
        requested ?? from.checksum?.algorithm,
      );
  const description = replace ? describedBy(headers) : from;
  const condition = writeCondition(headers);
  const copy = await objects.put(bucket, request.key, { blob, size, etag, checksum }, pick(description), condition);
  const { checksum: sum, ...unsummed } = copy;
  return {
    headers: {
      ...versionHeaders(unsummed),
      ...(from.versionId === UNVERSIONED ? {} : { "x-amz-copy-source-version-id": from.versionId }),
    },
    xml: xmlDocument(
      "CopyObjectResult",
      textElement("ETag", `"${copy.etag}"`),
      textElement("LastModified", new Date(copy.lastModifiedMs).toISOString()),
      ...(sum
        ? [textElement("ChecksumType", "FULL_OBJECT"), textElement(`Checksum${sum.algorithm.toUpperCase()}`, sum.value)]
        : []),
    ),
  };
};

const pick = ({ contentType, headers, metadata }: ContentDescription): ContentDescription => ({
  contentType,
  headers,
  metadata,
});

function decodeSource(path: string): { bucket: string; key: string } {
  const text = decodeURIComponent(path).replace(/^\//, "");
  const slash = text.indexOf("/");
  if (slash < 1 || slash === text.length - 1)
    throw new S3Error(400, "InvalidArgument", "Invalid copy source object key");
  return { bucket: text.slice(0, slash), key: text.slice(slash + 1) };
}

export const getObject: Operation = async (service, request) => {
  const version = await readable(service, request);
  checkReadConditions(request.headers, version);
  const range = byteRange(request.headers.range, version.size);
  const { first, last } = range ?? { first: 0, last: version.size - 1 };
  return {
    status: range ? 206 : 200,
    headers: {
      ...inert({ ...contentHeaders(version), ...overrides(request.query) }),
      ...(range
        ? { "content-range": `bytes ${first}-${last}/${version.size}` }
        : checksumHeaders(version, request.headers)),
      "content-length": String(last - first + 1),
    },
    content: { version, first, last },
  };
};

/** Returns the headers of the content, without the content. */
export const headObject: Operation = async (service, request) => {
  const { content: _, ...response } = await getObject(service, request, "");
  return response;
};

async function readable({ buckets, objects }: S3Service, request: Parameters<Operation>[1]): Promise<ObjectVersion> {
  const bucket = buckets.get(request.bucket);
  const versionId = request.query.get("versionId");
  const version = await objects.find(bucket, request.key, versionId);
  if (version.blob) return version;
  throw new S3Error(405, "MethodNotAllowed", "The specified method is not allowed against this resource.", {
    "x-amz-delete-marker": "true",
    "x-amz-version-id": version.versionId,
  });
}

export const deleteObject: Operation = async ({ buckets, objects }, { bucket, key, query, headers }) => {
  const done = await objects.delete(buckets.get(bucket), key, query.get("versionId"), writeCondition(headers));
  return {
    status: 204,
    headers: {
      ...(done.versionId === undefined ? {} : { "x-amz-version-id": done.versionId }),
      ...(done.deleteMarker ? { "x-amz-delete-marker": "true" } : {}),
    },
  };
};

export const deleteObjects: Operation = async ({ buckets, objects }, request, payloadHash): Promise<S3Response> => {
  const bucket = buckets.get(request.bucket);
  const wanted = parseXml(await readDocument(request, payloadHash));
  const entries = wanted.all("Object");
  if (entries.length === 0 || entries.length > DELETE_LIMIT_KEYS) throw malformedXml();
  const quiet = wanted.textOf("Quiet") === "true";
  const results: Markup[] = [];
  for (const entry of entries) {
    const key = entry.textOf("Key") ?? "";
    const versionId = entry.textOf("VersionId");
    checkKey(key);
    const done = await objects.delete(bucket, key, versionId);
    const marker = done.deleteMarker
      ? [textElement("DeleteMarker", true), textElement("DeleteMarkerVersionId", done.versionId)]
      : [];
    if (!quiet)
      results.push(element("Deleted", textElement("Key", key), textElement("VersionId", versionId), ...marker));
  }
  return { xml: xmlDocument("DeleteResult", ...results) };
};

/** Returns the headers that every response about a stored version has. */
export function versionHeaders(version: ObjectVersion): Record<string, string> {
  return {
    etag: `"${version.etag}"`,
    ...(version.versionId === UNVERSIONED ? {} : { "x-amz-version-id": version.versionId }),
    ...(version.checksum
      ? {
          [`x-amz-checksum-${version.checksum.algorithm}`]: version.checksum.value,
          "x-amz-checksum-type": "FULL_OBJECT",
        }
      : {}),
  };
}

function contentHeaders(version: ObjectVersion): Record<string, string> {
  const { checksum: _, ...unsummed } = version;
  return {
    ...versionHeaders(unsummed),
    ...version.headers,
    ...Object.fromEntries(Object.entries(version.metadata).map(([name, value]) => [METADATA + name, value])),
    "content-type": version.contentType,
    "last-modified": new Date(version.lastModifiedMs).toUTCString(),
    "accept-ranges": "bytes",
  };
}

function checksumHeaders(version: ObjectVersion, headers: Headers): Record<string, string> {
  if (headers["x-amz-checksum-mode"]?.toUpperCase() !== "ENABLED" || !version.checksum) return {};
  return {
    [`x-amz-checksum-${version.checksum.algorithm}`]: version.checksum.value,
    "x-amz-checksum-type": "FULL_OBJECT",
  };
}

const OVERRIDABLE = [...KEPT_HEADERS, "content-type"];

/** Returns the headers that a signed request may set for its download. */
function overrides(query: QueryParameters): Record<string, string> {
  return Object.fromEntries(
    OVERRIDABLE.flatMap((name) => {
      const value = query.get(`response-${name}`);
      return value === undefined || /[\r\n]/.test(value) ? [] : [[name, value]];
    }),
  );
}
