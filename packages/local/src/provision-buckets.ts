/** Creates the buckets that the product needs on the laptop, as the infrastructure does on AWS. */
import {
  CreateBucketCommand,
  type LifecycleRule,
  PutBucketLifecycleConfigurationCommand,
  PutBucketVersioningCommand,
  type S3Client,
} from "@aws-sdk/client-s3";

export interface BucketPlan {
  name: string;
  /** Objects under these prefixes go by themselves. */
  expire?: { prefix: string; days: number }[];
  versioned?: boolean;
}

/**
 * The plan for the product's own bucket: files in `uploads/` are adopted within a day or gone. Which pages may upload is
 * said by the launcher once the site has its port.
 */
export const productBucket = (name: string): BucketPlan => ({
  name,
  expire: [{ prefix: "uploads/", days: 1 }],
});

/** The buckets exist afterwards with these settings, whether or not they did before. */
export async function ensureBuckets(client: S3Client, plans: BucketPlan[]): Promise<void> {
  await Promise.all(plans.map((plan) => ensureBucket(client, plan)));
}

async function ensureBucket(client: S3Client, { name, expire, versioned }: BucketPlan): Promise<void> {
  const Bucket = name;
  await client.send(new CreateBucketCommand({ Bucket }));
  if (versioned)
    await client.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: "Enabled" } }));
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
