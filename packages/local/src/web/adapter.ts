/** Between node:http and Fetch: one small layer, as fast as the fastest framework's and with nothing of its own to say. */
import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { Readable, Transform, type Writable } from "node:stream";
import { AppError } from "@redline/core/errors";
import { HttpRefusal, toFetchRequest } from "@redline/core/platform/http-request";
import { compressorFor } from "./compression";

const TOO_LARGE = new AppError("FILE_TOO_LARGE", "The request is too large. Nothing was changed.");
const BROKEN_OFF = new HttpRefusal(400, "The request broke off before all of it arrived. Nothing was changed.");

export interface Received {
  /** Its signal aborts when the client goes away before the whole response was sent. */
  request: Request;
  /** Throws FILE_TOO_LARGE if the body went past `maxBodyBytes`; reading it failed then, whatever the app made of that. */
  requireWhole(): void;
}

/** The request as Fetch has it. Throws HttpRefusal where there is none, FILE_TOO_LARGE where it says so itself. */
export function receive(incoming: IncomingMessage, outgoing: ServerResponse, maxBodyBytes: number): Received {
  if (Number(incoming.headers["content-length"] ?? 0) > maxBodyBytes) throw TOO_LARGE;
  const controller = new AbortController();
  outgoing.once("close", () => {
    if (!outgoing.writableFinished) controller.abort();
  });
  const { method = "GET", url = "/" } = incoming;
  const body = new LimitedBody(incoming, outgoing, maxBodyBytes);
  const request = toFetchRequest({
    ...{ scheme: "http", host: incoming.headers.host ?? "", method, target: url, signal: controller.signal },
    headers: headersOf(incoming),
    body: () => body.stream(),
  });
  return { request, requireWhole: () => body.requireWhole() };
}

function* headersOf({ rawHeaders }: IncomingMessage): Iterable<[string, string]> {
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] as string;
    // No proxy stands before the laptop, so whoever sends these made them up.
    if (!/^x-forwarded-/i.test(name)) yield [name, rawHeaders[at + 1] as string];
  }
}

class LimitedBody {
  private bytes = 0;

  constructor(
    private readonly incoming: IncomingMessage,
    private readonly outgoing: ServerResponse,
    private readonly maxBytes: number,
  ) {}

  stream(): ReadableStream {
    const limit = new Transform({
      transform: (chunk: Buffer, _encoding, done) => {
        this.bytes += chunk.length;
        done(this.bytes > this.maxBytes ? TOO_LARGE : null, chunk);
      },
    });
    this.incoming.once("error", () => limit.destroy(BROKEN_OFF));
    this.outgoing.once("finish", () => this.discardRest());
    return Readable.toWeb(this.incoming.pipe(limit)) as ReadableStream;
  }

  requireWhole(): void {
    if (this.bytes > this.maxBytes) throw TOO_LARGE;
  }

  /** Discards what the app did not read, which stands before the connection's next request. */
  private discardRest(): void {
    const { incoming } = this;
    if (incoming.complete) return;
    incoming.unpipe();
    incoming.on("data", (chunk: Buffer) => {
      this.bytes += chunk.length;
      if (this.bytes > this.maxBytes) incoming.destroy();
    });
    // Unpiped it is paused, and a listener alone does not change that.
    incoming.resume();
  }
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
    if (outgoing.destroyed) return;
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
