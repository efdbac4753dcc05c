/** The laptop's S3: path-style addresses, Signature V4 on every request, bodies as files, the rest in the one store. */
import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { resolve } from "node:path";
import { pipeline } from "node:stream/promises";
import { isOwnHost } from "../credentials";
import type { Faults } from "../faults";
import { createHttpServer } from "../http/server";
import type { Store } from "../store";
import { StorageUnavailable } from "../store/storage-unavailable";
import { BlobFiles } from "./blobs";
import { Buckets } from "./buckets";
import { corsHeaders, preflightHeaders, refuseForeignPages } from "./cors";
import { S3Error } from "./errors";
import { expire } from "./lifecycle";
import { Objects } from "./objects";
import { readRequest, type S3Request } from "./request";
import { routeOf } from "./routes";
import type { S3Response, S3Service } from "./service";
import { UNSIGNED_PAYLOAD, verifySignature } from "./signature";
import { errorDocument } from "./xml";

export interface S3Options {
  store: Store;
  /** That requests are signed with. */
  key: string;
  /** Bodies go to `<dataDir>/blobs`. */
  dataDir: string;
  /** 0 takes a free one. */
  port: number;
  faults: Faults;
  /** Waits for the disk before a body counts as written. */
  isDurable?: boolean;
  /** Interval at which lifecycle rules are applied and unreferenced files removed, in ms. */
  sweepMs?: number;
}

export interface S3Endpoint {
  url: string;
  close(): Promise<void>;
}

const HOUR_MS = 3_600_000;
const KEEP_ALIVE_MS = 60_000;
/** A file system's clock may be some milliseconds behind; no process starts as fast as that. */
const FILE_CLOCK_SLACK_MS = 50;

export async function startS3(options: S3Options): Promise<S3Endpoint> {
  const { store, key, dataDir, port, faults, isDurable, sweepMs = HOUR_MS } = options;
  const startedAtMs = Date.now() - FILE_CLOCK_SLACK_MS;
  const blobs = new BlobFiles(resolve(dataDir, "blobs"), store, isDurable);
  const buckets = await Buckets.load(store);
  const service: S3Service = { store, key, blobs, buckets, objects: new Objects(store, blobs), faults, url: "" };
  const server = createHttpServer({ keepAliveTimeout: KEEP_ALIVE_MS, requestTimeout: 0 }, (request, response) =>
    respond(service, request, response),
  );
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(port, "127.0.0.1", resolve);
  });
  service.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  // The first sweep may take all that is older than this process; later ones must spare what is on its way.
  let sweeping = sweep(service, startedAtMs);
  const timer = setInterval(() => {
    sweeping = sweeping.then(() => sweep(service, Date.now() - HOUR_MS));
  }, sweepMs);
  timer.unref();
  return {
    url: service.url,
    async close() {
      clearInterval(timer);
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeIdleConnections();
      const force = setTimeout(() => server.closeAllConnections(), 1_000);
      await closed;
      clearTimeout(force);
      await sweeping;
    },
  };
}

async function sweep(service: S3Service, writtenBeforeMs: number): Promise<void> {
  try {
    await expire(service);
    await service.blobs.sweep(writtenBeforeMs);
  } catch (error) {
    // The store has said so itself.
    if (!(error instanceof StorageUnavailable)) report("sweep", error);
  }
}

async function respond(service: S3Service, source: IncomingMessage, response: ServerResponse): Promise<void> {
  const requestId = randomUUID();
  response.setHeader("x-amz-request-id", requestId);
  // Stored content is never executed, nor shown as part of another page.
  response.setHeader("x-content-type-options", "nosniff");
  response.setHeader("cross-origin-resource-policy", "same-origin");
  response.setHeader("content-security-policy", "sandbox; default-src 'none'");
  try {
    const request = readRequest(source);
    const bucket = service.buckets.find(request.bucket);
    if (request.method === "OPTIONS" && isOwnHost(source.headers.host)) {
      response.writeHead(200, preflightHeaders(bucket, request)).end();
      return;
    }
    refuseForeignPages(bucket, request);
    for (const [name, value] of Object.entries(corsHeaders(bucket, request))) response.setHeader(name, value);
    const { name, run } = routeOf(request);
    if (service.faults.strikes("throttle", "s3", name))
      throw new S3Error(503, "SlowDown", "Please reduce your request rate.");
    await service.faults.delay("s3", name);
    // A posted form carries its signature inside, under its policy.
    const payloadHash = name === "PostObject" ? UNSIGNED_PAYLOAD : verifySignature(request, service.key);
    await send(service, request, name, await run(service, request, payloadHash), response);
  } catch (error) {
    sendError(error, source, response, requestId);
  } finally {
    source.resume();
  }
}

async function send(
  { blobs, faults }: S3Service,
  request: S3Request,
  operation: string,
  { status = 200, headers = {}, xml, content }: S3Response,
  response: ServerResponse,
): Promise<void> {
  if (!content?.version.blob || content.last < content.first || request.method === "HEAD") {
    const body = xml ?? "";
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, headerValue(value));
    if (xml) response.setHeader("content-type", "application/xml");
    if (faults.losesResponse(response, body, "s3", operation)) return;
    if (status !== 204 && headers["content-length"] === undefined)
      response.setHeader("content-length", Buffer.byteLength(body));
    response.writeHead(status).end(body);
    return;
  }
  const { first, last, version } = content;
  await blobs.requireWhole(version.blob ?? "", version.size);
  const bytes = blobs.read(version.blob ?? "", first, last);
  // Opened before anything is sent: a blob that was removed since it was found is an error of its own.
  await new Promise((resolve, reject) => bytes.once("open", resolve).once("error", reject));
  if (faults.strikes("drop", "s3", operation)) {
    bytes.destroy();
    response.destroy();
    return;
  }
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, headerValue(value));
  response.writeHead(status);
  if (faults.strikes("cut", "s3", operation)) {
    bytes.destroy();
    const half = blobs.read(version.blob ?? "", first, first + Math.floor((last - first) / 2));
    half.pipe(response, { end: false });
    half.once("close", () => response.destroy());
    return;
  }
  await pipeline(bytes, response);
}

function sendError(error: unknown, source: IncomingMessage, response: ServerResponse, requestId: string): void {
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return;
  }
  const known = error instanceof S3Error ? error : (unavailable(error) ?? removedMeanwhile(error));
  if (!known) report(`${source.method} ${source.url?.split("?")[0]}`, error);
  const { status, code, message, headers } =
    known ?? new S3Error(500, "InternalError", "We encountered an internal error. Please try again.");
  for (const name of response.getHeaderNames()) if (name.startsWith("content-")) response.removeHeader(name);
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, headerValue(value));
  const empty = source.method === "HEAD" || status === 304;
  if (!empty) response.setHeader("content-type", "application/xml");
  response.writeHead(status).end(empty ? undefined : errorDocument(code, message, requestId));
}

/** The name is the laptop's own; as with AWS's 503, the SDKs try again. */
function unavailable(error: unknown): S3Error | undefined {
  return error instanceof StorageUnavailable ? new S3Error(503, error.name, error.message) : undefined;
}

/** Between finding an object and opening its file it may have been replaced: the SDKs try again. */
function removedMeanwhile(error: unknown): S3Error | undefined {
  if (!(error instanceof Error && "code" in error)) return undefined;
  if (error.code === "ENOENT") return new S3Error(503, "SlowDown", "The object changed while it was being read.");
  return error.code === "ECONNRESET" || error.code === "ERR_STREAM_PREMATURE_CLOSE"
    ? new S3Error(400, "RequestTimeout", "Your socket connection to the server was closed.")
    : undefined;
}

/** Header values were given as UTF-8 bytes and are kept as Latin-1 characters; anything else is not sendable. */
const headerValue = (value: string) => (/^[\t\x20-\x7e\x80-\xff]*$/.test(value) ? value : encodeURI(value));

function report(what: string, error: unknown): void {
  process.stderr.write(`s3: ${what}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
}
