/** Between node:http and Fetch: one small layer, as fast as the fastest framework's and with nothing of its own to say. */
import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { Readable, Transform, type Writable } from "node:stream";
import { compressorFor } from "./compression";

export interface Received {
  /** Its signal aborts when the client goes away before the whole response was sent. */
  request: Request;
  /** Whether the body went past `maxBodyBytes`; reading it failed then, whatever the app made of that. */
  isTooLarge(): boolean;
}

/** The request as Fetch has it. */
export function toFetchRequest(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  { origin, maxBodyBytes }: { origin: string; maxBodyBytes: number },
): Received {
  const controller = new AbortController();
  outgoing.once("close", () => {
    if (!outgoing.writableFinished) controller.abort();
  });
  const headers = new Headers();
  const { rawHeaders, method = "GET", url = "/" } = incoming;
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] as string;
    // No proxy stands before the laptop, so whoever sends these made them up.
    if (!/^x-forwarded-/i.test(name)) headers.append(name, rawHeaders[at + 1] as string);
  }
  const body = limitedBody(incoming, maxBodyBytes);
  const hasBody = method !== "GET" && method !== "HEAD";
  const request = new Request(`${origin}${url.startsWith("/") ? url : "/"}`, {
    method,
    headers,
    signal: controller.signal,
    ...(hasBody && { body: body.stream(), duplex: "half" }),
  } as RequestInit);
  return { request, isTooLarge: body.isTooLarge };
}

function limitedBody(incoming: IncomingMessage, maxBytes: number) {
  let bytes = 0;
  const stream = () => {
    const limit = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        bytes += chunk.length;
        if (bytes > maxBytes) done(new Error("The request is too large."));
        else done(null, chunk);
      },
    });
    incoming.once("error", (error) => limit.destroy(error));
    return Readable.toWeb(incoming.pipe(limit)) as ReadableStream;
  };
  return { stream, isTooLarge: () => bytes > maxBytes };
}

/** Sends the response, no faster than the client reads it. Ends early, without an error, when the client goes away. */
export async function sendFetchResponse(outgoing: ServerResponse, response: Response): Promise<void> {
  const headers: Record<string, string | string[]> = {};
  for (const [name, value] of response.headers) if (name !== "set-cookie") headers[name] = value;
  const cookies = response.headers.getSetCookie();
  if (cookies.length > 0) headers["set-cookie"] = cookies;
  const hasBody = response.body !== null && outgoing.req.method !== "HEAD";
  const compressor = compressorFor(outgoing.req, headers, hasBody);
  outgoing.writeHead(response.status, headers);
  if (!response.body || !hasBody) {
    outgoing.end();
    await response.body?.cancel();
    return;
  }
  const sink: Writable = compressor ?? outgoing;
  compressor?.pipe(outgoing);
  const reader = response.body.getReader();
  const stop = () => {
    compressor?.destroy();
    void reader.cancel().catch(() => undefined);
  };
  outgoing.once("close", stop);
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done || outgoing.destroyed) break;
      if (!sink.write(value)) await drained(sink, outgoing);
    }
  } catch (error) {
    // A page that breaks off must not look complete.
    outgoing.destroy();
    throw error;
  }
  sink.end();
  if (compressor) await Promise.race([once(outgoing, "finish"), once(outgoing, "close")]);
  outgoing.off("close", stop);
}

/** Resolves when more may be written, or nobody is left to read it; leaves no listener behind. */
function drained(sink: Writable, outgoing: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const goOn = () => {
      sink.off("drain", goOn);
      outgoing.off("close", goOn);
      resolve();
    };
    sink.once("drain", goOn);
    outgoing.once("close", goOn);
  });
}
