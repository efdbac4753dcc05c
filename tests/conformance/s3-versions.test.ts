/** Tests a bucket's versions, its lifecycle, and uploads in parts. */
import { createHash, randomBytes } from "node:crypto";
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketCorsCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandOutput,
  ListPartsCommand,
  NoSuchKey,
  PutBucketLifecycleConfigurationCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type S3Target, startS3Target } from "../support/s3-target";

let target: S3Target;

beforeAll(async () => {
  target = await startS3Target();
});

afterAll(() => target.close());

const at = <T extends object>(Key: string, more?: T) =>
  ({ Bucket: target.bucket, Key, ...more }) as { Bucket: string; Key: string } & T;
const put = (Key: string, Body: string) => target.client.send(new PutObjectCommand(at(Key, { Body })));
const textOf = async (Key: string, VersionId?: string) =>
  (await target.client.send(new GetObjectCommand(at(Key, { VersionId })))).Body?.transformToString();
const remove = (Key: string, VersionId?: string) => target.client.send(new DeleteObjectCommand(at(Key, { VersionId })));
const versionsOf = async (Prefix: string) =>
  target.client.send(new ListObjectVersionsCommand({ Bucket: target.bucket, Prefix }));

describe("a bucket with versions", () => {
  beforeAll(async () => {
    await put("before", "without a version");
    await target.client.send(
      new PutBucketVersioningCommand({ Bucket: target.bucket, VersioningConfiguration: { Status: "Enabled" } }),
    );
  });

  test("reports that versioning is on", async () => {
    const { Status } = await target.client.send(new GetBucketVersioningCommand({ Bucket: target.bucket }));
    expect(Status).toBe("Enabled");
  });

  test("keeps what a put replaces", async () => {
    const first = await put("kept", "first");
    const second = await put("kept", "second");
    expect(first.VersionId).not.toBe(second.VersionId);
    expect(await textOf("kept")).toBe("second");
    expect(await textOf("kept", first.VersionId)).toBe("first");
    expect((await target.client.send(new HeadObjectCommand(at("kept")))).VersionId).toBe(second.VersionId);
  });

  test("keeps earlier objects as version null", async () => {
    await put("before", "with a version");
    expect(await textOf("before", "null")).toBe("without a version");
  });

  test("hides a deleted object behind a marker, and shows it when the marker is deleted", async () => {
    const { VersionId } = await put("hidden", "x");
    const marker = await remove("hidden");
    expect(marker.DeleteMarker).toBe(true);
    await expect(textOf("hidden")).rejects.toBeInstanceOf(NoSuchKey);
    expect(await textOf("hidden", VersionId)).toBe("x");
    const { KeyCount } = await target.client.send(
      new ListObjectsV2Command({ Bucket: target.bucket, Prefix: "hidden" }),
    );
    expect(KeyCount).toBe(0);
    await remove("hidden", marker.VersionId);
    expect(await textOf("hidden")).toBe("x");
  });

  test("shows the previous version when the newest is permanently deleted", async () => {
    await put("peeled", "first");
    const { VersionId } = await put("peeled", "second");
    await remove("peeled", VersionId);
    expect(await textOf("peeled")).toBe("first");
    await expect(textOf("peeled", VersionId)).rejects.toMatchObject({ name: "NoSuchVersion" });
  });

  test("lists versions and markers, the newest of each key first", async () => {
    await put("listed/a", "1");
    await put("listed/a", "2");
    await put("listed/b", "1");
    await remove("listed/b");
    const { Versions = [], DeleteMarkers = [] } = await versionsOf("listed/");
    expect(Versions.map(({ Key, IsLatest, Size }) => [Key, IsLatest, Size])).toEqual([
      ["listed/a", true, 1],
      ["listed/a", false, 1],
      ["listed/b", false, 1],
    ]);
    expect(DeleteMarkers.map(({ Key, IsLatest }) => [Key, IsLatest])).toEqual([["listed/b", true]]);
  });

  test("lists each version once, whatever the size of the pages", async () => {
    for (const key of ["paged/a", "paged/a", "paged/a", "paged/b", "paged/b"]) await put(key, "x");
    const seen: (string | undefined)[] = [];
    let page: ListObjectVersionsCommandOutput | undefined;
    do {
      const KeyMarker = page?.NextKeyMarker;
      const VersionIdMarker = page?.NextVersionIdMarker;
      const wanted = { Bucket: target.bucket, Prefix: "paged/", MaxKeys: 2, KeyMarker, VersionIdMarker };
      page = await target.client.send(new ListObjectVersionsCommand(wanted));
      seen.push(...(page.Versions ?? []).map(({ Key, VersionId }) => `${Key} ${VersionId}`));
    } while (page.IsTruncated);
    expect(seen).toHaveLength(5);
    expect(new Set(seen).size).toBe(5);
  });

  test("deletes chosen versions permanently", async () => {
    const { VersionId } = await put("forgotten", "secret");
    await remove("forgotten");
    const { Versions = [], DeleteMarkers = [] } = await versionsOf("forgotten");
    const Objects = [...Versions, ...DeleteMarkers].map(({ Key = "", VersionId }) => ({ Key, VersionId }));
    await target.client.send(new DeleteObjectsCommand({ Bucket: target.bucket, Delete: { Objects } }));
    const left = await versionsOf("forgotten");
    expect([left.Versions, left.DeleteMarkers]).toEqual([undefined, undefined]);
    await expect(textOf("forgotten", VersionId)).rejects.toMatchObject({ name: "NoSuchVersion" });
  });
});

describe("a multipart upload", () => {
  const PART_BYTES = 5 * 1024 * 1024;
  const begin = async (Key: string) => {
    const { UploadId } = await target.client.send(
      new CreateMultipartUploadCommand(at(Key, { ContentType: "text/csv" })),
    );
    const part = async (PartNumber: number, Body: Buffer) => {
      const { ETag } = await target.client.send(new UploadPartCommand(at(Key, { UploadId, PartNumber, Body })));
      return { PartNumber, ETag };
    };
    return { UploadId, part };
  };
  const complete = (Key: string, UploadId: string | undefined, Parts: object[]) =>
    target.client.send(new CompleteMultipartUploadCommand(at(Key, { UploadId, MultipartUpload: { Parts } })));

  test("becomes one object when it is completed, and not before", async () => {
    const { UploadId, part } = await begin("joined");
    const [one, two] = [randomBytes(PART_BYTES), randomBytes(1_000)];
    const second = await part(2, two);
    await part(1, two);
    const first = await part(1, one);
    await expect(target.client.send(new HeadObjectCommand(at("joined")))).rejects.toMatchObject({ name: "NotFound" });
    const { Parts = [] } = await target.client.send(new ListPartsCommand(at("joined", { UploadId })));
    expect(Parts.map(({ PartNumber, Size }) => [PartNumber, Size])).toEqual([
      [1, PART_BYTES],
      [2, 1_000],
    ]);
    const { ETag } = await complete("joined", UploadId, [first, second]);
    const md5 = (bytes: Buffer) => createHash("md5").update(bytes).digest();
    expect(ETag).toBe(`"${md5(Buffer.concat([md5(one), md5(two)])).toString("hex")}-2"`);
    const { Body, ContentType } = await target.client.send(new GetObjectCommand(at("joined")));
    expect(Buffer.from((await Body?.transformToByteArray()) ?? []).equals(Buffer.concat([one, two]))).toBe(true);
    expect(ContentType).toBe("text/csv");
  });

  test("is not completed with parts that are too small, missing, or in another order", async () => {
    const { UploadId, part } = await begin("refused");
    const first = await part(1, Buffer.from("small"));
    const second = await part(2, Buffer.from("small"));
    await expect(complete("refused", UploadId, [first, second])).rejects.toMatchObject({ name: "EntityTooSmall" });
    await expect(complete("refused", UploadId, [second, first])).rejects.toMatchObject({ name: "InvalidPartOrder" });
    const missing = { ...first, PartNumber: 3 };
    await expect(complete("refused", UploadId, [missing])).rejects.toMatchObject({ name: "InvalidPart" });
  });

  test("is removed when it is aborted", async () => {
    const { UploadId, part } = await begin("aborted");
    const first = await part(1, Buffer.from("x"));
    await target.client.send(new AbortMultipartUploadCommand(at("aborted", { UploadId })));
    await expect(complete("aborted", UploadId, [first])).rejects.toMatchObject({ name: "NoSuchUpload" });
  });
});

describe("lifecycle rules", () => {
  test("are kept as they were given", async () => {
    const Rules = [
      {
        ID: "uploads",
        Status: "Enabled" as const,
        Filter: { Prefix: "uploads/" },
        Expiration: { Days: 1 },
        AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 },
      },
      {
        ID: "old",
        Status: "Disabled" as const,
        Filter: { Prefix: "" },
        NoncurrentVersionExpiration: { NoncurrentDays: 7 },
      },
    ];
    const Bucket = target.bucket;
    await target.client.send(new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: { Rules } }));
    const kept = await target.client.send(new GetBucketLifecycleConfigurationCommand({ Bucket }));
    expect(kept.Rules).toEqual(Rules);
  });

  test("and CORS rules that were never set are an error of their own", async () => {
    const command = new GetBucketCorsCommand({ Bucket: target.bucket });
    await expect(target.client.send(command)).rejects.toMatchObject({ name: "NoSuchCORSConfiguration" });
  });
});
