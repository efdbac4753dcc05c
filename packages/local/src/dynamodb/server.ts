/** The laptop's DynamoDB and DynamoDB Streams on one port of this machine. */

import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { HttpRefusal } from "@redline/core/platform/http-request";
import { refusal } from "../credentials";
import type { Faults } from "../faults";
import { readBody } from "../http/read-body";
import { createHttpServer } from "../http/server";
import type { Store } from "../store";
import { StorageUnavailable } from "../store/storage-unavailable";
import type { Context } from "./context";
import { DynamoDbError, storageUnavailable, throttled } from "./errors";
import { RecentHistory } from "./history";
import { INTERNAL_PATH, performInternal } from "./internal";
import { ItemLocks } from "./locks";
import { operationOf, type Request } from "./operations";
import { StreamLog } from "./streams";
import { Sweeper } from "./sweeper";
import { Tables } from "./tables";

const MAX_REQUEST_BYTES = 16 * 1024 * 1024;
const DEFAULT_SWEEP_MS = 2_000;
const CLOSE_GRACE_MS = 1_000;
/** Longer than clients keep an idle connection, so that none sends on one that is just being closed. */
const KEEP_ALIVE_MS = 60_000;

export interface DynamoDbOptions {
  store: Store;
  /** That requests are signed with. */
  key: string;
  faults: Faults;
  /** 0 takes a free one. */
  port: number;
  /** Interval of the sweep for expired items, in ms. */
  sweepMs?: number;
}

export interface Endpoint {
  url: string;
  close(): Promise<void>;
}

/** Listens on 127.0.0.1 only. Requests must be signed by the local access key and come from no web page. */
export async function startDynamoDb({
  store,
  key,
  faults,
  port,
  sweepMs = DEFAULT_SWEEP_MS,
}: DynamoDbOptions): Promise<Endpoint> {
  const context: Context = {
    store,
    faults,
    tables: await Tables.load(store),
    streams: await StreamLog.load(store),
    locks: new ItemLocks(),
    history: new RecentHistory(faults),
  };
  // Tables change in memory before they are stored; numbers of stream records may have gaps.
  store.onReopened(async () => {
    context.tables = await Tables.load(store);
  });
  const closing = new AbortController();
  const server = createHttpServer({ keepAliveTimeout: KEEP_ALIVE_MS }, (request, response) =>
    respond(context, key, request, response, closing.signal),
  );
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  const sweeper = new Sweeper(context, sweepMs);
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      closing.abort();
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeIdleConnections();
      const cut = setTimeout(() => server.closeAllConnections(), CLOSE_GRACE_MS);
      await closed;
      clearTimeout(cut);
      await sweeper.stop();
    },
  };
}

async function respond(
  context: Context,
  key: string,
  request: IncomingMessage,
  response: ServerResponse,
  closing: AbortSignal,
): Promise<void> {
  const body = await readBody(request, MAX_REQUEST_BYTES);
  const url = urlOf(request);
  const [service, operation = ""] = String(request.headers["x-amz-target"] ?? "").split(".");
  let status = 200;
  let result: Request;
  try {
    if (body === undefined) throw new DynamoDbError("SerializationException", "The request is too large.", {}, 413);
    const refused = refusal(request, body, { key, service: "dynamodb" });
    if (refused) throw new DynamoDbError("UnrecognizedClientException", refused, {}, 403);
    const data = parsed(body.toString("utf8"));
    if (url.pathname.startsWith(INTERNAL_PATH)) {
      const gone = goneSignal(response, closing);
      result = await performInternal(context, request.method ?? "GET", url, data, gone);
    } else {
      const perform = operationOf(service, operation);
      if (!perform) throw new DynamoDbError("UnknownOperationException", `${operation} is not known on the laptop.`);
      await context.faults.delay("dynamodb", operation);
      if (context.faults.strikes("throttle", "dynamodb", operation)) throw throttled();
      result = await perform(context, data);
    }
  } catch (error) {
    const known = error instanceof StorageUnavailable ? storageUnavailable(error) : error;
    if (known instanceof DynamoDbError) [status, result] = [known.status, known.body()];
    else {
      process.stderr.write(
        `dynamodb: ${operation || url.pathname} failed: ${error instanceof Error ? error.stack : error}\n`,
      );
      [status, result] = [
        500,
        { __type: "com.amazonaws.dynamodb.v20120810#InternalServerError", message: "Internal error" },
      ];
    }
  }
  const text = JSON.stringify(result);
  response.statusCode = status;
  response.setHeader("content-type", "application/x-amz-json-1.0");
  response.setHeader("content-length", Buffer.byteLength(text));
  response.setHeader("x-amzn-requestid", randomUUID());
  if (!url.pathname.startsWith(INTERNAL_PATH) && context.faults.losesResponse(response, text, "dynamodb", operation))
    return;
  response.end(text);
}

/** Throws HttpRefusal for a target that is none of a server's own. */
function urlOf({ url = "/" }: IncomingMessage): URL {
  if (!url.startsWith("/") || !URL.canParse(`http://127.0.0.1${url}`))
    throw new HttpRefusal(400, "That is no address.");
  return new URL(`http://127.0.0.1${url}`);
}

function parsed(body: string): Request {
  try {
    const data: unknown = JSON.parse(body || "{}");
    if (typeof data === "object" && data !== null) return data as Request;
  } catch {
    // Falls through to the same error as for a number or a string.
  }
  throw new DynamoDbError("SerializationException", "The request body is not a JSON object.");
}

/** Aborts when the caller hangs up, when it has its response, or when the server closes. */
function goneSignal(response: ServerResponse, closing: AbortSignal): AbortSignal {
  const gone = new AbortController();
  const abort = () => gone.abort();
  response.once("close", abort);
  if (closing.aborted) abort();
  closing.addEventListener("abort", abort, { once: true, signal: gone.signal });
  return gone.signal;
}
