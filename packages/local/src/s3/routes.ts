/** Routes a request to its operation by method, bucket, key and one distinctive query parameter. */
import {
  acceptSetting,
  createBucket,
  deleteBucket,
  deleteBucketCors,
  deleteBucketLifecycle,
  getBucketCors,
  getBucketLifecycle,
  getBucketLocation,
  getBucketVersioning,
  headBucket,
  listBuckets,
  putBucketCors,
  putBucketLifecycle,
  putBucketVersioning,
} from "./bucket-operations";
import { notImplemented } from "./errors";
import { listObjectsV2, listObjectVersions } from "./list-operations";
import { copyObject, deleteObject, deleteObjects, getObject, headObject, putObject } from "./object-operations";
import { postObject } from "./post-object";
import type { S3Request } from "./request";
import type { Operation } from "./service";
import { abortMultipartUpload, completeMultipartUpload, createMultipartUpload, listParts, uploadPart } from "./uploads";

export interface Route {
  /** AWS's name of the operation. */
  name: string;
  run: Operation;
}

/** By `method place[?parameter]`. */
const ROUTES: Record<string, Route> = {
  "GET service": { name: "ListBuckets", run: listBuckets },
  "PUT bucket": { name: "CreateBucket", run: createBucket },
  "HEAD bucket": { name: "HeadBucket", run: headBucket },
  "DELETE bucket": { name: "DeleteBucket", run: deleteBucket },
  "POST bucket": { name: "PostObject", run: postObject },
  "POST bucket?delete": { name: "DeleteObjects", run: deleteObjects },
  "GET bucket?list-type": { name: "ListObjectsV2", run: listObjectsV2 },
  "GET bucket?versions": { name: "ListObjectVersions", run: listObjectVersions },
  "GET bucket?location": { name: "GetBucketLocation", run: getBucketLocation },
  "PUT bucket?versioning": { name: "PutBucketVersioning", run: putBucketVersioning },
  "GET bucket?versioning": { name: "GetBucketVersioning", run: getBucketVersioning },
  "PUT bucket?cors": { name: "PutBucketCors", run: putBucketCors },
  "GET bucket?cors": { name: "GetBucketCors", run: getBucketCors },
  "DELETE bucket?cors": { name: "DeleteBucketCors", run: deleteBucketCors },
  "PUT bucket?lifecycle": { name: "PutBucketLifecycleConfiguration", run: putBucketLifecycle },
  "GET bucket?lifecycle": { name: "GetBucketLifecycleConfiguration", run: getBucketLifecycle },
  "DELETE bucket?lifecycle": { name: "DeleteBucketLifecycle", run: deleteBucketLifecycle },
  "PUT bucket?encryption": { name: "PutBucketEncryption", run: acceptSetting },
  "PUT bucket?publicAccessBlock": { name: "PutPublicAccessBlock", run: acceptSetting },
  "GET object": { name: "GetObject", run: getObject },
  "HEAD object": { name: "HeadObject", run: headObject },
  "PUT object": { name: "PutObject", run: putObject },
  "DELETE object": { name: "DeleteObject", run: deleteObject },
  "POST object?uploads": { name: "CreateMultipartUpload", run: createMultipartUpload },
  "PUT object?uploadId": { name: "UploadPart", run: uploadPart },
  "GET object?uploadId": { name: "ListParts", run: listParts },
  "POST object?uploadId": { name: "CompleteMultipartUpload", run: completeMultipartUpload },
  "DELETE object?uploadId": { name: "AbortMultipartUpload", run: abortMultipartUpload },
};

/** Parameters that choose the operation, whether or not it is one of ours: a known place with one more is unknown. */
const TELLING = new Set(
  (
    "accelerate acl analytics attributes cors delete encryption intelligent-tiering inventory legal-hold lifecycle " +
    "list-type location logging metrics notification object-lock ownershipControls policy policyStatus " +
    "publicAccessBlock replication requestPayment restore retention select tagging torrent uploadId uploads " +
    "versioning versions website"
  ).split(" "),
);

/** @throws {S3Error} NotImplemented, naming what was asked */
export function routeOf({ method, bucket, key, query, headers }: S3Request): Route {
  const place = key ? "object" : bucket ? "bucket" : "service";
  const telling = query.pairs.map(([name]) => name).filter((name) => TELLING.has(name));
  const address = `${method} ${place}${telling.map((name) => `?${name}`).join("")}`;
  const copies = headers["x-amz-copy-source"] !== undefined;
  if (address === "PUT object" && copies) return { name: "CopyObject", run: copyObject };
  const route = ROUTES[address];
  if (!route || copies) throw notImplemented(address);
  return route;
}
