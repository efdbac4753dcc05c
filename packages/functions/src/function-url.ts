import { isIP } from "node:net";
import { AppError, toErrorShape } from "@redline/core/errors";
import { currentRequestId, newRequestId } from "@redline/core/platform/correlation";
import { EDGE_HEADER, isFromEdge, VIEWER_HEADER } from "@redline/core/platform/edge";
import { HttpRefusal, REFUSAL_HEADERS, toFetchRequest } from "@redline/core/platform/http-request";
import { signingKeys } from "@redline/core/platform/resources";
import type { APIGatewayProxyEventV2, Context } from "aws-lambda";

/** The stream that the Lambda runtime gives to functions with response streaming. */
type ResponseStream = NodeJS.WritableStream & { destroyed?: boolean };
type Streaming = (event: APIGatewayProxyEventV2, stream: ResponseStream, context: Context) => Promise<void>;
type Handle = (request: Request, viewer?: string) => Promise<Response>;

declare const awslambda: {
  streamifyResponse(handler: Streaming): unknown;
  HttpResponseStream: { from(stream: ResponseStream, about: object): ResponseStream };
};

const HSTS = { "strict-transport-security": "max-age=63072000; includeSubDomains" };
const NO_BODY_STATUSES = new Set([204, 205, 304]);

/**
 * A function URL's handler from one of Fetch requests and responses. Refuses what did not come through our router, and
 * what is no request of Fetch's. The response is sent as it is made. `around` runs the whole of it, and is awaited before
 * the instance may freeze.
 */
export function overFunctionUrl(
  handle: Handle,
  around: (context: Context, run: () => Promise<void>) => Promise<void>,
): unknown {
  return awslambda.streamifyResponse((event, stream, context) => {
    context.callbackWaitsForEmptyEventLoop = false;
    return around(context, async () => {
      const response = await respond(handle, event, stream);
      await send(response, stream, methodOf(event));
    });
  });
}

/** An event as it arrives, unvalidated: any caller may have sent it. */
type Sent = { [Key in keyof APIGatewayProxyEventV2]?: APIGatewayProxyEventV2[Key] } | null | undefined;

const methodOf = (event: Sent): string => asString(event?.requestContext?.http?.method) ?? "";
const asString = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);
const headerOf = (event: Sent, name: string): string | undefined => asString(event?.headers?.[name]);

/** Returns the viewer's address, by which sign-in attempts are limited. All requests without one share an address. */
function viewerOf(event: Sent): string {
  const viewer = headerOf(event, VIEWER_HEADER) ?? "";
  return isIP(viewer) ? viewer : "unknown";
}

async function respond(handle: Handle, event: Sent, stream: ResponseStream): Promise<Response> {
  if (!isFromEdge(headerOf(event, EDGE_HEADER), signingKeys())) {
    const headers = { ...REFUSAL_HEADERS, ...HSTS, "content-type": "text/plain" };
    return new Response("Forbidden", { status: 403, headers });
  }
  try {
    return await handle(requestOf(event, stream), viewerOf(event));
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const id = currentRequestId() ?? newRequestId();
    const more = error instanceof HttpRefusal ? error.headers : {};
    const headers = { ...REFUSAL_HEADERS, ...HSTS, "x-request-id": id, ...more };
    return Response.json(toErrorShape(error, id), { status: error.status, headers });
  }
}

function requestOf(event: Sent, stream: ResponseStream): Request {
  const gone = new AbortController();
  stream.once("close", () => gone.abort());
  const body = asString(event?.body);
  const query = asString(event?.rawQueryString);
  return toFetchRequest({
    scheme: "https",
    // The function has a host of its own; who asked, asked the router's.
    host: headerOf(event, "x-forwarded-host") ?? headerOf(event, "host") ?? "",
    method: methodOf(event),
    target: `${asString(event?.rawPath) ?? ""}${query ? `?${query}` : ""}`,
    headers: eventHeaders(event),
    ...(body !== undefined && { body: () => Buffer.from(body, event?.isBase64Encoded ? "base64" : "utf8") }),
    signal: gone.signal,
  });
}

function* eventHeaders(event: Sent): Iterable<[string, string]> {
  const cookies = Array.isArray(event?.cookies) ? event.cookies : [];
  for (const [name, value] of Object.entries(event?.headers ?? {})) {
    if (value !== undefined && !(name === "cookie" && cookies.length > 0)) yield [name, String(value)];
  }
  if (cookies.length > 0) yield ["cookie", cookies.join("; ")];
}

/**
 * Sends the status and headers before the body, also of an empty one: the runtime adds them to the first `write` and
 * forgets them where there is none. Ends early, without an error, when the client goes away.
 */
async function send(response: Response, stream: ResponseStream, method: string): Promise<void> {
  const body = method === "HEAD" || NO_BODY_STATUSES.has(response.status) ? undefined : response.body?.getReader();
  let next: { done: boolean; value?: Uint8Array } = body ? await body.read() : { done: true };
  const headers: Record<string, string> = {};
  for (const [name, value] of response.headers) if (name !== "set-cookie") headers[name] = value;
  // A proxy waits for the end of an empty body without a length.
  if (next.done && method !== "HEAD" && !NO_BODY_STATUSES.has(response.status)) headers["content-length"] = "0";
  const about = { statusCode: response.status, headers, cookies: response.headers.getSetCookie() };
  const out = awslambda.HttpResponseStream.from(stream, about);
  if (next.done) out.write(new Uint8Array(0));
  try {
    while (body && !next.done && !out.destroyed) {
      if (!out.write(next.value ?? ""))
        await new Promise((resolve) => out.once("drain", resolve).once("close", resolve));
      next = await body.read();
    }
  } catch (error) {
    if (!out.destroyed) throw error;
  }
  if (out.destroyed) await body?.cancel().catch(() => undefined);
  else out.end();
}
