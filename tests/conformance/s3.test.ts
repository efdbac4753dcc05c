/** Objects and listings: what the S3 client with default settings may rely on. */
import { createHash, randomBytes } from "node:crypto";
import { Readable } from "node:stream";
import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  NoSuchKey,
  PutObjectCommand,
  type PutObjectCommandInput,
  paginateListObjectsV2,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type S3Target, startS3Target } from "../support/s3-target";

let target: S3Target;

beforeAll(async () => {
  target = await startS3Target();
});

afterAll(() => target.close());

const put = (Key: string, Body: PutObjectCommandInput["Body"] = "text", more: Partial<PutObjectCommandInput> = {}) =>
  target.client.send(new PutObjectCommand({ Bucket: target.bucket, Key, Body, ...more }));
const get = (Key: string, more: object = {}) =>
  target.client.send(new GetObjectCommand({ Bucket: target.bucket, Key, ...more }));
const head = (Key: string, more: object = {}) =>
  target.client.send(new HeadObjectCommand({ Bucket: target.bucket, Key, ...more }));
const textOf = async (Key: string, more: object = {}) => (await get(Key, more)).Body?.transformToString();
const bytesOf = async (Key: string) => Buffer.from((await (await get(Key)).Body?.transformToByteArray()) ?? []);

describe("an object", () => {
  test("round-trips", async () => {
    await put("text.txt", "hällo");
    expect(await textOf("text.txt")).toBe("hällo");
  });

  test("may be empty", async () => {
    await put("empty", new Uint8Array(0));
    expect(await textOf("empty")).toBe("");
    expect((await head("empty")).ContentLength).toBe(0);
  });

  test("of 5 MB comes back byte for byte", async () => {
    const bytes = randomBytes(5 * 1024 * 1024);
    await put("large.bin", bytes);
    expect((await bytesOf("large.bin")).equals(bytes)).toBe(true);
  });

  test("that is streamed in chunks with a trailing checksum comes back byte for byte", async () => {
    const parts = Array.from({ length: 40 }, (_, index) => randomBytes(1 + index * 997));
    const bytes = Buffer.concat(parts);
    await put("streamed.bin", Readable.from(parts), { ContentLength: bytes.length });
    expect((await bytesOf("streamed.bin")).equals(bytes)).toBe(true);
    expect((await head("streamed.bin", { ChecksumMode: "ENABLED" })).ChecksumCRC32).toEqual(expect.any(String));
  });

  test.each(["a b+c", "ü/日本語.ts", "100%/~'()*!&=?#;:@$,", "../up/./and//slashes/", "emoji 🙂"])(
    "may be called %s",
    async (key) => {
      await put(key, key);
      expect(await textOf(key)).toBe(key);
      await target.client.send(new DeleteObjectCommand({ Bucket: target.bucket, Key: key }));
    },
  );

  test("has the MD5 of its body as its ETag, a type, metadata and headers of its own", async () => {
    await put("described", "x", {
      ContentType: "text/x-typescript",
      ContentEncoding: "gzip",
      CacheControl: "no-store",
      ContentDisposition: 'attachment; filename="a.ts"',
      Metadata: { owner: "team-1" },
    });
    expect(await head("described")).toMatchObject({
      ETag: `"${createHash("md5").update("x").digest("hex")}"`,
      ContentLength: 1,
      ContentType: "text/x-typescript",
      ContentEncoding: "gzip",
      CacheControl: "no-store",
      ContentDisposition: 'attachment; filename="a.ts"',
      Metadata: { owner: "team-1" },
      LastModified: expect.any(Date),
    });
  });

  test("is replaced whole by the next put", async () => {
    await put("replaced", "first", { Metadata: { old: "1" } });
    await put("replaced", "second");
    expect(await textOf("replaced")).toBe("second");
    expect((await head("replaced")).Metadata).toEqual({});
  });

  test("is gone when deleted, and may be deleted again", async () => {
    await put("deleted");
    for (let times = 0; times < 2; times++)
      await target.client.send(new DeleteObjectCommand({ Bucket: target.bucket, Key: "deleted" }));
    await expect(get("deleted")).rejects.toBeInstanceOf(NoSuchKey);
    await expect(head("deleted")).rejects.toMatchObject({ name: "NotFound", $metadata: { httpStatusCode: 404 } });
  });

  test("that never existed is NoSuchKey, in a missing bucket NoSuchBucket", async () => {
    await expect(get("never")).rejects.toBeInstanceOf(NoSuchKey);
    const elsewhere = new GetObjectCommand({ Bucket: `${target.bucket}-not`, Key: "x" });
    await expect(target.client.send(elsewhere)).rejects.toMatchObject({ name: "NoSuchBucket" });
  });

  test("is refused when its checksum does not match", async () => {
    for (const checksum of [
      { ChecksumCRC32: "AAAAAA==" },
      { ChecksumSHA256: createHash("sha256").update("other").digest("base64") },
      { ChecksumSHA1: createHash("sha1").update("other").digest("base64") },
      { ContentMD5: createHash("md5").update("other").digest("base64") },
    ])
      await expect(put("checked", "text", checksum)).rejects.toMatchObject({ name: "BadDigest" });
    await expect(get("checked")).rejects.toBeInstanceOf(NoSuchKey);
  });

  test("keeps the checksum that it was put with", async () => {
    const ChecksumSHA256 = createHash("sha256").update("text").digest("base64");
    await put("summed", "text", { ChecksumSHA256 });
    expect((await get("summed", { ChecksumMode: "ENABLED" })).ChecksumSHA256).toBe(ChecksumSHA256);
  });
});

describe("a range", () => {
  test.each([
    ["bytes=0-3", "0123", "bytes 0-3/10"],
    ["bytes=7-", "789", "bytes 7-9/10"],
    ["bytes=-2", "89", "bytes 8-9/10"],
    ["bytes=8-99", "89", "bytes 8-9/10"],
  ])("%s is %s", async (Range, text, ContentRange) => {
    await put("digits", "0123456789");
    const part = await get("digits", { Range });
    expect(part.ContentRange).toBe(ContentRange);
    expect(await part.Body?.transformToString()).toBe(text);
  });

  test("past the end is InvalidRange", async () => {
    await put("digits", "0123456789");
    await expect(get("digits", { Range: "bytes=10-" })).rejects.toMatchObject({ name: "InvalidRange" });
  });
});

describe("a condition", () => {
  const refused = { name: "PreconditionFailed", $metadata: { httpStatusCode: 412 } };

  test("If-None-Match: * creates an object only when it does not exist", async () => {
    await put("once", "first", { IfNoneMatch: "*" });
    await expect(put("once", "second", { IfNoneMatch: "*" })).rejects.toMatchObject(refused);
    expect(await textOf("once")).toBe("first");
  });

  test("If-None-Match: * lets one of many writers win", async () => {
    const attempts = await Promise.allSettled(
      Array.from({ length: 12 }, (_, writer) => put("race", `writer ${writer}`, { IfNoneMatch: "*" })),
    );
    const winners = attempts.flatMap(({ status }, writer) => (status === "fulfilled" ? [writer] : []));
    expect(winners).toHaveLength(1);
    expect(await textOf("race")).toBe(`writer ${winners[0]}`);
  });

  test("If-Match overwrites only the named version", async () => {
    const { ETag } = await put("seen", "first");
    await put("seen", "second", { IfMatch: ETag });
    await expect(put("seen", "third", { IfMatch: ETag })).rejects.toMatchObject(refused);
    await expect(put("unseen", "x", { IfMatch: ETag })).rejects.toMatchObject({ name: "NoSuchKey" });
    expect(await textOf("seen")).toBe("second");
  });

  test("on a read gives 304 or 412", async () => {
    const { ETag } = await put("read", "x");
    await expect(get("read", { IfNoneMatch: ETag })).rejects.toMatchObject({ $metadata: { httpStatusCode: 304 } });
    await expect(get("read", { IfMatch: '"other"' })).rejects.toMatchObject({ $metadata: { httpStatusCode: 412 } });
    expect(await textOf("read", { IfMatch: ETag, IfNoneMatch: '"other"' })).toBe("x");
    const later = new Date(Date.now() + 60_000);
    await expect(get("read", { IfModifiedSince: later })).rejects.toMatchObject({ $metadata: { httpStatusCode: 304 } });
  });
});

describe("a copy", () => {
  const copy = (Key: string, source: string, more: object = {}) =>
    target.client.send(
      new CopyObjectCommand({ Bucket: target.bucket, Key, CopySource: `${target.bucket}/${source}`, ...more }),
    );

  test("has the body and headers of its source, and is independent of it", async () => {
    await put("source ü", "body", { ContentType: "text/css", Metadata: { a: "1" } });
    await copy("copy", encodeURIComponent("source ü"));
    await put("source ü", "changed");
    expect(await textOf("copy")).toBe("body");
    expect(await head("copy")).toMatchObject({ ContentType: "text/css", Metadata: { a: "1" } });
  });

  test("may be described anew", async () => {
    await put("source", "body", { Metadata: { a: "1" } });
    await copy("copy-2", "source", { MetadataDirective: "REPLACE", Metadata: { b: "2" } });
    expect((await head("copy-2")).Metadata).toEqual({ b: "2" });
  });

  test("has its source's checksum, or the requested one", async () => {
    await put("summed", "body", { ChecksumAlgorithm: "CRC32" });
    const sum = async (Key: string) => head(Key, { ChecksumMode: "ENABLED" });
    const { CopyObjectResult } = await copy("summed-2", "summed");
    const { ChecksumCRC32 } = await sum("summed");
    expect(ChecksumCRC32).toBeTruthy();
    expect(CopyObjectResult).toMatchObject({ ChecksumCRC32, ChecksumType: "FULL_OBJECT" });
    expect((await sum("summed-2")).ChecksumCRC32).toBe(ChecksumCRC32);

    const ChecksumSHA256 = createHash("sha256").update("body").digest("base64");
    const other = await copy("summed-3", "summed", { ChecksumAlgorithm: "SHA256" });
    expect(other.CopyObjectResult).toMatchObject({ ChecksumSHA256 });
    expect(other.CopyObjectResult?.ChecksumCRC32).toBeUndefined();
    expect(await sum("summed-3")).toMatchObject({ ChecksumSHA256 });
    await expect(copy("summed-4", "summed", { ChecksumAlgorithm: "ROT13" })).rejects.toMatchObject({
      $metadata: { httpStatusCode: 400 },
    });
    await expect(head("summed-4")).rejects.toMatchObject({ $metadata: { httpStatusCode: 404 } });
  });

  test("of a multipart object is a single part, with the MD5 of the whole as its ETag", async () => {
    const { UploadId } = await target.client.send(
      new CreateMultipartUploadCommand({ Bucket: target.bucket, Key: "in-parts" }),
    );
    const upload = { Bucket: target.bucket, Key: "in-parts", UploadId };
    const { ETag } = await target.client.send(new UploadPartCommand({ ...upload, PartNumber: 1, Body: "body" }));
    await target.client.send(
      new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts: [{ PartNumber: 1, ETag }] } }),
    );
    expect((await head("in-parts")).ETag).toMatch(/-1"$/);
    await copy("in-one", "in-parts");
    expect((await head("in-one")).ETag).toBe(`"${createHash("md5").update("body").digest("hex")}"`);
    expect(await textOf("in-one")).toBe("body");
  });

  test("is made only when its source meets the caller's conditions", async () => {
    const { ETag } = await put("source-if", "body");
    await copy("copy-if", "source-if", { CopySourceIfMatch: ETag });
    for (const condition of [{ CopySourceIfMatch: '"other"' }, { CopySourceIfNoneMatch: ETag }])
      await expect(copy("copy-if-2", "source-if", condition)).rejects.toMatchObject({
        $metadata: { httpStatusCode: 412 },
      });
    await expect(head("copy-if-2")).rejects.toMatchObject({ $metadata: { httpStatusCode: 404 } });
  });

  test("of nothing is NoSuchKey", async () => {
    await expect(copy("copy-3", "never")).rejects.toMatchObject({ name: "NoSuchKey" });
  });
});

describe("a listing", () => {
  const keys = ["list/a.ts", "list/b/1.ts", "list/b/2.ts", "list/c.ts", "list/d/e/f.ts", "list/ü.ts", "list/&<>.ts"];
  const list = (more: object = {}) =>
    target.client.send(new ListObjectsV2Command({ Bucket: target.bucket, Prefix: "list/", ...more }));

  beforeAll(async () => {
    for (const key of keys) await put(key, key);
  });

  test("is in the order of the keys' bytes and describes each", async () => {
    const { Contents = [], KeyCount, IsTruncated } = await list();
    const sorted = [...keys].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    expect(Contents.map(({ Key }) => Key)).toEqual(sorted);
    expect([KeyCount, IsTruncated]).toEqual([keys.length, false]);
    expect(Contents[0]).toMatchObject({
      ETag: expect.stringMatching(/^"[0-9a-f]{32}"$/),
      LastModified: expect.any(Date),
    });
  });

  test("folds keys at a delimiter", async () => {
    const { Contents = [], CommonPrefixes = [] } = await list({ Delimiter: "/" });
    expect(CommonPrefixes.map(({ Prefix }) => Prefix)).toEqual(["list/b/", "list/d/"]);
    expect(Contents.map(({ Key }) => Key)).toEqual(["list/&<>.ts", "list/a.ts", "list/c.ts", "list/ü.ts"]);
  });

  test.each([1, 2, 3])("in pages of %i shows every key and prefix once", async (MaxKeys) => {
    const seen: (string | undefined)[] = [];
    const pages = paginateListObjectsV2(
      { client: target.client },
      { Bucket: target.bucket, Prefix: "list/", Delimiter: "/", MaxKeys },
    );
    for await (const { Contents = [], CommonPrefixes = [] } of pages)
      seen.push(...Contents.map(({ Key }) => Key), ...CommonPrefixes.map(({ Prefix }) => Prefix));
    expect(seen.sort()).toEqual(["list/&<>.ts", "list/a.ts", "list/b/", "list/c.ts", "list/d/", "list/ü.ts"].sort());
  });

  test("may begin after a key", async () => {
    const { Contents = [] } = await list({ StartAfter: "list/c.ts" });
    expect(Contents.map(({ Key }) => Key)).toEqual(["list/d/e/f.ts", "list/ü.ts"]);
  });

  test("of an unused prefix is empty", async () => {
    const { Contents, KeyCount } = await list({ Prefix: "nothing/" });
    expect([Contents, KeyCount]).toEqual([undefined, 0]);
  });
});

test("many objects are deleted at once, missing ones included", async () => {
  await put("many/1 &<");
  await put("many/2");
  const Objects = ["many/1 &<", "many/2", "many/never"].map((Key) => ({ Key }));
  const { Deleted = [], Errors } = await target.client.send(
    new DeleteObjectsCommand({ Bucket: target.bucket, Delete: { Objects } }),
  );
  expect(Deleted.map(({ Key }) => Key)).toEqual(["many/1 &<", "many/2", "many/never"]);
  expect(Errors).toBeUndefined();
  await expect(get("many/2")).rejects.toBeInstanceOf(NoSuchKey);
});

test("a bucket can be created again, and its existence checked", async () => {
  await target.client.send(new CreateBucketCommand({ Bucket: target.bucket }));
  await target.client.send(new HeadBucketCommand({ Bucket: target.bucket }));
  const missing = new HeadBucketCommand({ Bucket: `${target.bucket}-not` });
  await expect(target.client.send(missing)).rejects.toMatchObject({ name: "NotFound" });
});
