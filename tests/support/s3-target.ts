/** The target of the S3 conformance suites: the local cloud, or a bucket in the environment's account. */
import { randomUUID } from "node:crypto";
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  ListObjectVersionsCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { localClient, startTestCloud, type TestCloud } from "./cloud";
import { onAws } from "./conformance";

export interface S3Target {
  /** With default settings; path-style addresses on the laptop. */
  client: S3Client;
  /** Empty at first. */
  bucket: string;
  /** Only on the laptop. */
  cloud?: TestCloud;
  close(): Promise<void>;
}

export async function startS3Target(): Promise<S3Target> {
  const cloud = onAws ? undefined : await startTestCloud();
  const client = cloud ? s3Client(cloud.endpoints.s3) : new S3Client({});
  const bucket = `redline-conformance-${randomUUID()}`;
  await client.send(new CreateBucketCommand({ Bucket: bucket }));
  return {
    client,
    bucket,
    cloud,
    async close() {
      if (!cloud) await removeBucket(client, bucket);
      client.destroy();
      await cloud?.close();
    },
  };
}

export const s3Client = (endpoint: string) => new S3Client({ ...localClient(endpoint), forcePathStyle: true });

async function removeBucket(client: S3Client, Bucket: string): Promise<void> {
  for (;;) {
    const { Versions = [], DeleteMarkers = [] } = await client.send(new ListObjectVersionsCommand({ Bucket }));
    const left = [...Versions, ...DeleteMarkers];
    if (left.length === 0) break;
    for (const { Key, VersionId } of left) await client.send(new DeleteObjectCommand({ Bucket, Key, VersionId }));
  }
  await client.send(new DeleteBucketCommand({ Bucket }));
}
