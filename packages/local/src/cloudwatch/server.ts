/**
 * The laptop's CloudWatch, as far as it is asked: GetMetricData in the JSON protocol. What AWS measures by itself, of
 * functions and of queues, is told it by the processes that stand in for them, at `POST /_redline/measured`.
 */

import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import * as v from "valibot";
import { refusal } from "../credentials";
import type { Faults } from "../faults";
import { readBody } from "../http/read-body";
import { createHttpServer } from "../http/server";
import { CloudWatchError } from "./errors";
import { getMetricData } from "./get-metric-data";
import { MEASURED_PATH, Measured, type Sample } from "./series";

const LARGEST_REQUEST_BYTES = 1024 * 1024;

const samples = v.array(
  v.object({
    ...{ namespace: v.string(), name: v.string(), dimensions: v.record(v.string(), v.string()) },
    ...{ value: v.number(), atMs: v.number() },
  }),
);

export interface CloudWatchEndpoint {
  url: string;
  add(sample: Sample): void;
  close(): Promise<void>;
}

/** Listens on 127.0.0.1 only. Requests must be signed by the local access key and come from no web page. */
export async function startCloudWatch({
  key,
  port,
  faults,
}: {
  key: string;
  port: number;
  faults: Faults;
}): Promise<CloudWatchEndpoint> {
  const measured = new Measured();
  const server = createHttpServer({}, (request, response) => respond(measured, key, faults, request, response));
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(port, "127.0.0.1", resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    add: (sample) => measured.add(sample),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function respond(
  measured: Measured,
  key: string,
  faults: Faults,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const operation =
    String(request.headers["x-amz-target"] ?? "")
      .split(".")
      .pop() ?? "";
  let status = 200;
  let result: object;
  try {
    result = await perform(measured, key, faults, operation, request);
  } catch (error) {
    // An aborted request is not a failure, and has no client to respond to.
    if (!request.complete) return;
    if (!(error instanceof CloudWatchError))
      process.stderr.write(`cloudwatch: ${operation}: ${error instanceof Error ? error.stack : String(error)}\n`);
    const known =
      error instanceof CloudWatchError ? error : new CloudWatchError("InternalFailure", "Internal error", 500);
    status = known.status;
    result = { __type: `com.amazonaws.cloudwatch#${known.code}`, message: known.message };
    response.setHeader("x-amzn-query-error", `${known.code};${status < 500 ? "Sender" : "Receiver"}`);
  }
  const body = JSON.stringify(result);
  response.setHeader("content-type", "application/x-amz-json-1.0");
  response.setHeader("x-amzn-requestid", randomUUID());
  if (faults.losesResponse(response, body, "cloudwatch", operation)) return;
  response.writeHead(status, { "content-length": Buffer.byteLength(body) }).end(body);
}

async function perform(
  measured: Measured,
  key: string,
  faults: Faults,
  operation: string,
  request: IncomingMessage,
): Promise<object> {
  const bytes = await readBody(request, LARGEST_REQUEST_BYTES);
  if (!bytes) throw new CloudWatchError("RequestEntityTooLarge", "The request is too large.", 413);
  const refused =
    request.method === "POST" ? refusal(request, bytes, { key, service: "monitoring" }) : "Only POST is accepted here.";
  if (refused) throw new CloudWatchError("AccessDeniedException", refused, 403);
  const body = parsed(bytes);
  if (request.url === MEASURED_PATH) {
    const posted = v.safeParse(samples, body);
    if (!posted.success) throw new CloudWatchError("SerializationException", "The request body holds no samples.");
    for (const sample of posted.output) measured.add(sample);
    return {};
  }
  if (operation !== "GetMetricData")
    throw new CloudWatchError("UnknownOperationException", `${operation} is not supported on the laptop.`);
  if (faults.strikes("throttle", "cloudwatch", operation))
    throw new CloudWatchError("ThrottlingException", "Rate exceeded");
  await faults.delay("cloudwatch", operation);
  return getMetricData(measured, body);
}

function parsed(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString("utf8"));
  } catch {
    throw new CloudWatchError("SerializationException", "The request body is not JSON.");
  }
}
