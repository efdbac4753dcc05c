/** Lambda's Invoke, as the SDK speaks it. */

import { randomUUID } from "node:crypto";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { localCredentials, refusal } from "../credentials";
import { readBody } from "../http/read-body";
import { createHttpServer } from "../http/server";
import type { FunctionHost } from "./host";

const ROUTE = /^\/2015-03-31\/functions\/([^/]+)\/invocations$/;
/** The limit of a synchronous call's request and response. */
const PAYLOAD_LIMIT_BYTES = 6 * 1024 * 1024;
/** The limit of an asynchronous call's request. */
const ASYNC_PAYLOAD_LIMIT_BYTES = 1000 * 1024;

/** An error that the SDK turns into an exception of its own. */
class InvokeError extends Error {
  constructor(
    readonly status: number,
    readonly type: string,
    message: string,
  ) {
    super(message);
  }
}

interface InvokeResponse {
  status: number;
  body: string;
  headers?: Record<string, string>;
}

export function invokeServer(
  host: FunctionHost,
  acceptAsync: (functionName: string, event: unknown) => Promise<void>,
): Server {
  return createHttpServer({ requestTimeout: 0 }, async (request, response) => {
    const done = await respond(host, acceptAsync, request).catch((error) => failed(error, request));
    send(done, response);
  });
}

async function respond(
  host: FunctionHost,
  acceptAsync: (functionName: string, event: unknown) => Promise<void>,
  request: IncomingMessage,
): Promise<InvokeResponse> {
  const body = await readBody(request, PAYLOAD_LIMIT_BYTES);
  if (!body) throw tooLarge();
  const key = localCredentials().secretAccessKey;
  const refused = refusal(request, body, { key, service: "lambda" });
  if (refused) throw new InvokeError(403, "AccessDeniedException", refused);
  const [, address] = ROUTE.exec(request.url?.split("?")[0] ?? "") ?? [];
  if (request.method !== "POST" || address === undefined)
    throw new InvokeError(404, "UnknownOperationException", "Only Invoke is known on the laptop.");
  const name = functionNameIn(decoded(address));
  const config = host.find(name);
  if (!config) throw new InvokeError(404, "ResourceNotFoundException", `Function not found: ${name}`);
  const event = parsed(body);
  const kind = request.headers["x-amz-invocation-type"] ?? "RequestResponse";
  if (kind === "DryRun") return { status: 204, body: "" };
  if (kind === "Event") {
    if (body.length > ASYNC_PAYLOAD_LIMIT_BYTES) throw tooLarge();
    await acceptAsync(name, event);
    return { status: 202, body: "" };
  }
  if (kind !== "RequestResponse")
    throw new InvokeError(400, "InvalidParameterValueException", `Invocation type ${kind} is not known.`);
  const outcome = await host.invoke(config, event);
  if (!outcome.ok) return functionError(outcome.failure);
  const result = JSON.stringify(outcome.result);
  if (Buffer.byteLength(result) > PAYLOAD_LIMIT_BYTES)
    return functionError({
      errorType: "Function.ResponseSizeTooLarge",
      errorMessage: `Response payload size exceeded maximum allowed payload size (${PAYLOAD_LIMIT_BYTES} bytes).`,
    });
  return { status: 200, body: result };
}

const functionError = (failure: object): InvokeResponse => ({
  status: 200,
  body: JSON.stringify(failure),
  headers: { "x-amz-function-error": "Unhandled" },
});

function failed(error: unknown, request: IncomingMessage): InvokeResponse {
  // An aborted request is not a failure, and has no client to respond to.
  if (!(error instanceof InvokeError) && request.complete)
    process.stderr.write(`lambda: ${error instanceof Error ? error.stack : String(error)}\n`);
  const known =
    error instanceof InvokeError
      ? error
      : new InvokeError(500, "ServiceException", "The invocation could not be made.");
  return {
    status: known.status,
    body: JSON.stringify({ Type: known.status < 500 ? "User" : "Service", Message: known.message }),
    headers: { "x-amzn-errortype": known.type },
  };
}

function send({ status, body, headers = {} }: InvokeResponse, response: ServerResponse): void {
  response.writeHead(status, {
    "content-type": "application/json",
    "x-amzn-requestid": randomUUID(),
    "x-amz-executed-version": "$LATEST",
    ...(status === 204 ? {} : { "content-length": Buffer.byteLength(body) }),
    ...headers,
  });
  response.end(body);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new InvokeError(400, "InvalidParameterValueException", "The function's name cannot be decoded.");
  }
}

/** From a name, a name with a version, or an ARN. */
function functionNameIn(address: string): string {
  const parts = address.split(":");
  const place = parts.indexOf("function");
  return (place < 0 ? parts[0] : parts[place + 1]) ?? "";
}

const tooLarge = () =>
  new InvokeError(413, "RequestTooLargeException", "Request must be smaller than the limit for the Invoke operation.");

function parsed(body: Buffer): unknown {
  if (body.length === 0) return {};
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    throw new InvokeError(400, "InvalidRequestContentException", "Could not parse request body into json.");
  }
}
