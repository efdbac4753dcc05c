/** Multipart uploads: parts are blobs of their own until they are joined. */
import { createHash, randomUUID } from "node:crypto";
import type { Store, StoreOperation } from "../store";
import { BlobFiles } from "./blobs";
import { readDocument, type StoredBody, storeBody } from "./body";
import { writeCondition } from "./conditions";
import { malformedXml, noSuchUpload, S3Error } from "./errors";
import { describedBy, versionHeaders } from "./object-operations";
import type { ContentDescription } from "./objects";
import type { S3Request } from "./request";
import type { Operation, S3Service } from "./service";
import { element, parseXml, textElement, xmlDocument } from "./xml";

const UPLOAD_ROWS = "s3~upload~";
const PART_LIMIT = 10_000;
const LEAST_PART_BYTES = 5 * 1024 * 1024;

interface Upload {
  id: string;
  bucket: string;
  key: string;
  startedAtMs: number;
  description: ContentDescription;
}

const uploadRow = (id: string) => UPLOAD_ROWS + id;
const partRows = (id: string) => `s3~part~${id}~`;
const partRow = (id: string, number: number) => partRows(id) + String(number).padStart(5, "0");

export const createMultipartUpload: Operation = async ({ buckets, store }, { bucket, key, headers }) => {
  buckets.get(bucket);
  const id = randomUUID();
  const upload: Upload = { id, bucket, key, startedAtMs: Date.now(), description: describedBy(headers) };
  await store.put(uploadRow(id), upload);
  return {
    xml: xmlDocument(
      "InitiateMultipartUploadResult",
      textElement("Bucket", bucket),
      textElement("Key", key),
      textElement("UploadId", id),
    ),
  };
};

export const uploadPart: Operation = async (service, request, payloadHash) => {
  const { store, blobs } = service;
  const upload = await uploadOf(service, request);
  const number = request.query.number("partNumber", 1) ?? 0;
  if (number < 1 || number > PART_LIMIT)
    throw new S3Error(400, "InvalidArgument", "Part number must be an integer between 1 and 10000, inclusive");
  const part = await storeBody(request, payloadHash, blobs);
  const row = partRow(upload.id, number);
  const before = await store.get<StoredBody>(row);
  await store.batch([
    { type: "put", key: row, value: part },
    BlobFiles.named(part.blob),
    ...(before ? [BlobFiles.forgotten(before.blob)] : []),
  ]);
  if (before) await blobs.remove([before.blob]);
  const { algorithm, value } = part.checksum ?? {};
  return {
    headers: { etag: `"${part.etag}"`, ...(algorithm && value ? { [`x-amz-checksum-${algorithm}`]: value } : {}) },
  };
};

export const listParts: Operation = async (service, request) => {
  const upload = await uploadOf(service, request);
  const parts = await partsOf(service.store, upload);
  return {
    xml: xmlDocument(
      "ListPartsResult",
      textElement("Bucket", upload.bucket),
      textElement("Key", upload.key),
      textElement("UploadId", upload.id),
      textElement("IsTruncated", false),
      ...[...parts].map(([number, { etag, size }]) =>
        element("Part", textElement("PartNumber", number), textElement("ETag", `"${etag}"`), textElement("Size", size)),
      ),
    ),
  };
};

export const completeMultipartUpload: Operation = async (service, request, payloadHash) => {
  const { store, blobs, buckets, objects, url } = service;
  const upload = await uploadOf(service, request);
  const stored = await partsOf(store, upload);
  const chosen = chosenParts(await readDocument(request, payloadHash), stored);
  const md5 = createHash("md5");
  for (const { etag } of chosen) md5.update(Buffer.from(etag, "hex"));
  const blob = await blobs.write(
    (async function* () {
      for (const part of chosen) if (part.size > 0) yield* blobs.read(part.blob, 0, part.size - 1);
    })(),
  );
  const body: StoredBody = {
    blob,
    size: chosen.reduce((sum, { size }) => sum + size, 0),
    etag: `${md5.digest("hex")}-${chosen.length}`,
  };
  const version = await objects.put(
    buckets.get(upload.bucket),
    upload.key,
    body,
    upload.description,
    writeCondition(request.headers),
    removal(upload, stored),
  );
  await blobs.remove([...stored.values()].map((part) => part.blob));
  return {
    headers: versionHeaders(version),
    xml: xmlDocument(
      "CompleteMultipartUploadResult",
      textElement("Location", `${url}/${upload.bucket}/${upload.key}`),
      textElement("Bucket", upload.bucket),
      textElement("Key", upload.key),
      textElement("ETag", `"${version.etag}"`),
    ),
  };
};

export const abortMultipartUpload: Operation = async (service, request) => {
  await abort(service, await uploadOf(service, request));
  return { status: 204 };
};

/** Aborts uploads to keys of the bucket with this prefix that were started before then. @returns how many */
export async function abortOldUploads(
  service: Pick<S3Service, "store" | "blobs">,
  bucket: string,
  prefix: string,
  startedBeforeMs: number,
): Promise<number> {
  const old: Upload[] = [];
  for await (const [, upload] of service.store.iterate<Upload>({ gt: UPLOAD_ROWS, lt: `${UPLOAD_ROWS}~` }))
    if (upload.bucket === bucket && upload.key.startsWith(prefix) && upload.startedAtMs < startedBeforeMs)
      old.push(upload);
  for (const upload of old) await abort(service, upload);
  return old.length;
}

async function abort({ store, blobs }: Pick<S3Service, "store" | "blobs">, upload: Upload): Promise<void> {
  const parts = await partsOf(store, upload);
  await store.batch(removal(upload, parts));
  await blobs.remove([...parts.values()].map(({ blob }) => blob));
}

function removal({ id }: Upload, parts: Map<number, StoredBody>): StoreOperation[] {
  return [
    { type: "del", key: uploadRow(id) },
    ...[...parts].flatMap(([number, { blob }]): StoreOperation[] => [
      { type: "del", key: partRow(id, number) },
      BlobFiles.forgotten(blob),
    ]),
  ];
}

async function uploadOf({ store }: S3Service, { bucket, key, query }: S3Request): Promise<Upload> {
  const upload = await store.get<Upload>(uploadRow(query.get("uploadId") ?? ""));
  if (!upload || upload.bucket !== bucket || upload.key !== key) throw noSuchUpload();
  return upload;
}

async function partsOf(store: Store, { id }: Upload): Promise<Map<number, StoredBody>> {
  const parts = new Map<number, StoredBody>();
  const start = partRows(id);
  for await (const [row, part] of store.iterate<StoredBody>({ gt: start, lt: `${start}~` }))
    parts.set(Number(row.slice(start.length)), part);
  return parts;
}

function chosenParts(document: string, stored: Map<number, StoredBody>): StoredBody[] {
  const wanted = parseXml(document)
    .all("Part")
    .map((part) => ({ number: Number(part.textOf("PartNumber")), etag: part.textOf("ETag")?.replaceAll('"', "") }));
  if (wanted.length === 0) throw malformedXml();
  if (wanted.some(({ number }, index) => index > 0 && number <= (wanted[index - 1]?.number ?? 0)))
    throw new S3Error(400, "InvalidPartOrder", "The list of parts was not in ascending order.");
  return wanted.map(({ number, etag }, index) => {
    const part = stored.get(number);
    if (!part || part.etag !== etag)
      throw new S3Error(400, "InvalidPart", "One or more of the specified parts could not be found.");
    if (index < wanted.length - 1 && part.size < LEAST_PART_BYTES)
      throw new S3Error(400, "EntityTooSmall", "Your proposed upload is smaller than the minimum allowed size");
    return part;
  });
}
