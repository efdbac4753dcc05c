/**
 * Between node:http and Fetch. Requests are made here and not by @remix-run/node-fetch-server, which neither bounds a
 * body nor discards the rest of one, and believes whatever the Host header says.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import { Readable, Transform } from "node:stream";
import { AppError } from "@redline/core/errors";
import { HttpRefusal, toFetchRequest } from "@redline/core/platform/http-request";
import { sendResponse } from "@remix-run/node-fetch-server";
import { compressed } from "./compression";

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
    headers: clientHeaders(incoming),
    body: () => body.stream(),
  });
  return { request, requireWhole: () => body.requireWhole() };
}

function* clientHeaders({ rawHeaders }: IncomingMessage): Iterable<[string, string]> {
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] as string;
    // A laptop has no proxy in front of it, so these headers are forged.
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
  if (outgoing.req.method === "HEAD" || outgoing.destroyed) await response.body?.cancel();
  if (outgoing.destroyed) return;
  try {
    await sendResponse(outgoing, compressed(outgoing.req, response));
  } catch (error) {
    if (!outgoing.destroyed) throw error;
  }
}
