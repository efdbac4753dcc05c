import { resources } from "@redline/core/platform/resources";

/** Returns the bucket's origin, to which browsers send large files; the page's policy must name it. */
export function uploadOrigin(): string {
  const endpoint = process.env.AWS_ENDPOINT_URL_S3;
  if (endpoint) return new URL(endpoint).origin;
  return `https://${resources.Blobs.name}.s3.${process.env.AWS_REGION}.amazonaws.com`;
}
