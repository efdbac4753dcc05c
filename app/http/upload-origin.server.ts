import { resources } from "@redline/core/platform/resources";

/** Where browsers send large files to by presigned POST: the bucket, which the page's policy must name. */
export function uploadOrigin(): string {
  const endpoint = process.env.AWS_ENDPOINT_URL_S3;
  if (endpoint) return new URL(endpoint).origin;
  return `https://${resources.Blobs.name}.s3.${process.env.AWS_REGION}.amazonaws.com`;
}
