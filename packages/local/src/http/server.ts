/**
 * The one HTTP server under the laptop's web server and its cloud. No request ends its process: what a listener throws becomes
 * a response, and what Node would respond to by itself, or hang up on, is refused with HTTP's status and our headers.
 */
import { randomUUID } from "node:crypto";
import {
  createServer,
  type IncomingMessage,
  type Server,
  type ServerOptions,
  type ServerResponse,
  STATUS_CODES,
} from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { AppError, toErrorShape } from "@redline/core/errors";
import { HttpRefusal, METHODS, methodNotAllowed, REFUSAL_HEADERS } from "@redline/core/platform/http-request";

/** Time for which a refused client may go on sending, unread, so that it reads the response. */
const LINGER_MS = 1_000;
/** Time that a response in progress has left once its request turned out to be malformed. */
const REST_OF_RESPONSE_MS = 30_000;
/** A request line of a well-formed request, whatever its method. */
const REQUEST_LINE = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+ [^\s]+ HTTP\/1\.[01]\r?\n/;

type Listener = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

export interface HttpServerOptions extends ServerOptions {
  /** Told of what a listener threw that is no refusal. */
  report?: (error: unknown) => void;
}

/** Not listening yet. The listener may throw and reject: an AppError becomes its own response, anything else a 500. */
export function createHttpServer({ report = print, ...options }: HttpServerOptions, listener: Listener): Server {
  const openResponses = new OpenResponses();
  const server = createServer({ ...options, requireHostHeader: false }, (request, response) => {
    openResponses.add(request.socket, response);
    void respond(listener, report, request, response);
  });
  server.on("checkExpectation", (request: IncomingMessage, response: ServerResponse) => {
    openResponses.add(request.socket, response);
    refuse(response, new HttpRefusal(417, "Only 100-continue can be expected here."));
  });
  server.on("connect", (request: IncomingMessage, socket: Duplex) => {
    socket.on("error", () => undefined);
    refuseOnSocket(socket, methodNotAllowed(request.method ?? "CONNECT", METHODS));
  });
  const refused = new WeakSet<Duplex>();
  server.on("clientError", (error: Error & { code?: string; rawPacket?: Buffer }, socket: Socket) => {
    // The rest of what was malformed fails as well.
    if (refused.has(socket)) return;
    refused.add(socket);
    const refusal = refusalOf(error);
    if (!refusal || !socket.writable) socket.destroy();
    else openResponses.refuseAfter(socket, refusal);
  });
  return server;
}

const print = (error: unknown) =>
  void process.stderr.write(`http: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);

async function respond(
  listener: Listener,
  report: (error: unknown) => void,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  // Node's parser drops all that follows such a request on its connection, errors included.
  if (request.headers.upgrade !== undefined) response.shouldKeepAlive = false;
  try {
    requireHttp1(request);
    await listener(request, response);
  } catch (error) {
    // The client disconnected, which is not a failure.
    if (response.destroyed) return;
    if (!(error instanceof AppError)) report(error);
    if (response.headersSent) response.destroy();
    else refuse(response, error);
  }
}

/** Node's parser takes HTTP/0.9 and HTTP/2.0 for what they are not, and any number of hosts. */
function requireHttp1({ rawHeaders, httpVersion, headers }: IncomingMessage): void {
  if (httpVersion !== "1.1" && httpVersion !== "1.0") throw new HttpRefusal(400, "This server speaks HTTP/1.1.");
  const coding = headers["transfer-encoding"];
  if (coding !== undefined && coding.trim().toLowerCase() !== "chunked") {
    throw new HttpRefusal(400, "The only transfer coding that is read here is chunked.");
  }
  if (coding !== undefined && headers.upgrade !== undefined) {
    // Its parser tells of nothing that is wrong with such a body, whose end would be waited for.
    throw new HttpRefusal(400, "A request that asks for another protocol says how long its body is.");
  }
  let hosts = 0;
  for (let at = 0; at < rawHeaders.length; at += 2) if (rawHeaders[at]?.toLowerCase() === "host") hosts++;
  if (hosts > 1 || (hosts === 0 && httpVersion === "1.1")) {
    throw new HttpRefusal(400, "A request has one Host header.");
  }
}

/** Responds with the error shape and closes the connection, as what is still on it may be anything. */
function refuse(response: ServerResponse, error: unknown): void {
  const { status, headers, body } = refusalResponse(error);
  for (const name of response.getHeaderNames()) response.removeHeader(name);
  response.writeHead(status, { ...headers, "content-length": Buffer.byteLength(body) }).end(body);
}

function refuseOnSocket(socket: Duplex, refusal: HttpRefusal): void {
  const { status, headers, body } = refusalResponse(refusal);
  const lines = Object.entries({
    ...headers,
    "content-length": Buffer.byteLength(body),
    date: new Date().toUTCString(),
  });
  const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join("");
  hangUp(socket, `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? "Refused"}\r\n${head}\r\n${body}`);
}

/** Says its last word and closes the connection, but not before the client had the time to read it. */
function hangUp(socket: Duplex, lastWord = ""): void {
  socket.end(lastWord);
  destroyLater(socket, LINGER_MS);
  socket.resume();
}

function destroyLater(socket: Duplex, ms: number): void {
  const timer = setTimeout(() => socket.destroy(), ms).unref();
  socket.once("close", () => clearTimeout(timer));
}

function refusalResponse(error: unknown) {
  const id = `req_${randomUUID()}`;
  return {
    status: error instanceof AppError ? error.status : 500,
    headers: {
      ...REFUSAL_HEADERS,
      ...(error instanceof HttpRefusal && error.headers),
      "content-type": "application/json",
      "x-request-id": id,
      connection: "close",
    },
    body: JSON.stringify(toErrorShape(error, id)),
  };
}

/** Returns the refusal of a request that Node's parser did not accept; undefined where the client is gone. */
function refusalOf({ code, rawPacket }: { code?: string; rawPacket?: Buffer }): HttpRefusal | undefined {
  const start = rawPacket?.subarray(0, 16 * 1024).toString("latin1") ?? "";
  switch (code) {
    case "ECONNRESET":
    case "EPIPE":
      return undefined;
    case "HPE_HEADER_OVERFLOW":
      return /^[A-Z-]+ [^\r\n]*$/.test(start)
        ? new HttpRefusal(414, "The address is too long.")
        : new HttpRefusal(431, "The headers are too large. Cookies may be the cause: clear those of this site.");
    case "HPE_CHUNK_EXTENSIONS_OVERFLOW":
      return new HttpRefusal(413, "The request is too large.");
    case "ERR_HTTP_REQUEST_TIMEOUT":
      return new HttpRefusal(408, "The request took too long to arrive. Nothing was changed.");
    case "HPE_INVALID_METHOD":
      if (REQUEST_LINE.test(start)) return methodNotAllowed(start.split(" ", 1)[0] ?? "", METHODS);
  }
  return new HttpRefusal(400, "The request is malformed. Nothing was changed.");
}

/** The responses in progress on each connection, in the order of their requests, and the last that there was. */
class OpenResponses {
  private readonly open = new WeakMap<Duplex, Set<ServerResponse>>();
  private readonly last = new WeakMap<Duplex, ServerResponse>();

  add(socket: Duplex, response: ServerResponse): void {
    const open = this.open.get(socket) ?? new Set();
    this.open.set(socket, open.add(response));
    this.last.set(socket, response);
    response.once("close", () => open.delete(response));
  }

  /**
   * Refuses what came after, or in the middle of, the requests in progress: after the responses to those that
   * arrived whole, and in place of the one that did not. One that had its response without being read to its end gets
   * no second: the connection is closed behind it, as another response would be taken for that to the next request.
   */
  refuseAfter(socket: Duplex, refusal: HttpRefusal): void {
    const open = this.open.get(socket) ?? new Set();
    const last = this.last.get(socket);
    const broken = last?.req.complete === false ? last : undefined;
    const refuse = () => {
      if (!broken?.headersSent) return refuseOnSocket(socket, refusal);
      if (!open.has(broken)) return hangUp(socket);
      destroyLater(socket, REST_OF_RESPONSE_MS);
      broken.once("close", () => hangUp(socket));
    };
    const before = [...open].filter((response) => response !== broken).at(-1);
    if (before) before.once("close", refuse);
    else refuse();
  }
}
