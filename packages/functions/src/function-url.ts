import { EDGE_HEADER, isFromEdge, VIEWER_HEADER } from "@redline/core/platform/edge";
import { signingKeys } from "@redline/core/platform/resources";
import type { APIGatewayProxyEventV2, Context } from "aws-lambda";

/** What the Lambda runtime gives to functions that stream their answers. */
type ResponseStream = NodeJS.WritableStream & { destroyed?: boolean };
type Streaming = (event: APIGatewayProxyEventV2, stream: ResponseStream, context: Context) => Promise<void>;

declare const awslambda: {
  streamifyResponse(handler: Streaming): unknown;
  HttpResponseStream: { from(stream: ResponseStream, about: object): ResponseStream };
};

/**
 * A function URL's handler from one of Fetch requests and responses. Refuses what did not come through our router. The
 * response is sent as it is made. `around` runs the whole of it, and is awaited before the instance may freeze.
 */
export function overFunctionUrl(
  handle: (request: Request, viewer?: string) => Promise<Response>,
  around: (context: Context, run: () => Promise<void>) => Promise<void>,
): unknown {
  return awslambda.streamifyResponse((event, stream, context) => {
    context.callbackWaitsForEmptyEventLoop = false;
    return around(context, async () => {
      const response = isFromEdge(event.headers[EDGE_HEADER], signingKeys())
        ? await handle(requestOf(event, stream), event.headers[VIEWER_HEADER])
        : new Response("Forbidden", { status: 403, headers: { "content-type": "text/plain" } });
      await send(response, stream);
    });
  });
}

function requestOf(event: APIGatewayProxyEventV2, stream: ResponseStream): Request {
  const { rawPath, rawQueryString, requestContext, body, isBase64Encoded } = event;
  const gone = new AbortController();
  stream.once("close", () => gone.abort());
  const headers = new Headers();
  for (const [name, value] of Object.entries(event.headers)) if (value !== undefined) headers.append(name, value);
  if (event.cookies?.length) headers.set("cookie", event.cookies.join("; "));
  // The function has a host of its own; who asked, asked the router's.
  const host = event.headers["x-forwarded-host"] ?? event.headers.host ?? "localhost";
  headers.set("host", host);
  return new Request(`https://${host}${rawPath}${rawQueryString && `?${rawQueryString}`}`, {
    method: requestContext.http.method,
    headers,
    signal: gone.signal,
    body: body === undefined ? undefined : Buffer.from(body, isBase64Encoded ? "base64" : "utf8"),
  });
}

async function send(response: Response, stream: ResponseStream): Promise<void> {
  const headers: Record<string, string> = {};
  for (const [name, value] of response.headers) if (name !== "set-cookie") headers[name] = value;
  const about = { statusCode: response.status, headers, cookies: response.headers.getSetCookie() };
  const out = awslambda.HttpResponseStream.from(stream, about);
  if (response.body) {
    for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
      if (out.destroyed) break;
      if (!out.write(chunk)) await new Promise((resolve) => out.once("drain", resolve).once("close", resolve));
    }
  } else {
    // Without a byte the runtime sends no headers.
    out.write(" ");
  }
  out.end();
}
