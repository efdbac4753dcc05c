/** Creates the buckets that the product needs on the laptop, as the infrastructure does on AWS. */
import {
  CreateBucketCommand,
  type LifecycleRule,
  PutBucketCorsCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketVersioningCommand,
  type S3Client,
} from "@aws-sdk/client-s3";

export interface BucketPlan {
  name: string;
  /** Pages of these origins may upload and download with signed requests; at most one `*` in each. */
  uploadOrigins?: string[];
  /** Objects under these prefixes go by themselves. */
  expire?: { prefix: string; days: number }[];
  versioned?: boolean;
}

/** The product's pages are served from this machine, on a port that nobody knows beforehand. */
export const LOCAL_ORIGINS = ["http://localhost:*", "http://127.0.0.1:*"];

/** The plan for the product's own bucket: files in `uploads/` are adopted within a day or gone. */
export const productBucket = (name: string): BucketPlan => ({
  name,
  uploadOrigins: LOCAL_ORIGINS,
  expire: [{ prefix: "uploads/", days: 1 }],
});

/** The buckets exist afterwards with these settings, whether or not they did before. */
export async function ensureBuckets(client: S3Client, plans: BucketPlan[]): Promise<void> {
  await Promise.all(plans.map((plan) => ensureBucket(client, plan)));
}

async function ensureBucket(client: S3Client, { name, uploadOrigins, expire, versioned }: BucketPlan): Promise<void> {
  const Bucket = name;
  await client.send(new CreateBucketCommand({ Bucket }));
  if (versioned)
    await client.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: "Enabled" } }));
  if (uploadOrigins?.length)
    await client.send(
      new PutBucketCorsCommand({
        Bucket,
        CORSConfiguration: {
          CORSRules: [
            {
              AllowedOrigins: uploadOrigins,
              AllowedMethods: ["GET", "HEAD", "POST", "PUT"],
              AllowedHeaders: ["*"],
              ExposeHeaders: ["ETag"],
              MaxAgeSeconds: 3_600,
            },
          ],
        },
      }),
    );
  if (expire?.length)
    await client.send(
      new PutBucketLifecycleConfigurationCommand({
        Bucket,
        LifecycleConfiguration: { Rules: expire.map(({ prefix, days }) => expiry(prefix, days)) },
      }),
    );
}

const expiry = (prefix: string, days: number): LifecycleRule => ({
  ID: `expire ${prefix}`,
  Status: "Enabled",
  Filter: { Prefix: prefix },
  Expiration: { Days: days },
  AbortIncompleteMultipartUpload: { DaysAfterInitiation: days },
});
