import type { Faults } from "../faults";
import type { Store } from "../store";
import type { BlobFiles } from "./blobs";
import type { Buckets } from "./buckets";
import type { Objects, ObjectVersion } from "./objects";
import type { S3Request } from "./request";

/** The dependencies of every operation. */
export interface S3Service {
  store: Store;
  blobs: BlobFiles;
  buckets: Buckets;
  objects: Objects;
  faults: Faults;
  /** That requests are signed with. */
  key: string;
  /** The endpoint, without a slash at its end. */
  url: string;
}

export interface S3Response {
  /** 200 when absent. */
  status?: number;
  headers?: Record<string, string>;
  /** A whole XML document. */
  xml?: string;
  /** Bytes of an object, first and last inclusive; `last` is before `first` when there are none. */
  content?: { version: ObjectVersion; first: number; last: number };
}

/** @param payloadHash what the signature says of the body */
export type Operation = (service: S3Service, request: S3Request, payloadHash: string) => Promise<S3Response>;
