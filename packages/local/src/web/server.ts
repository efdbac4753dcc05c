/** The laptop's web server: files, then the app, for nobody but this machine's own browser. */

import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { AppError, toErrorShape } from "@redline/core/errors";
import { errorFields, log } from "@redline/core/platform/log";
import { sendFetchResponse, toFetchRequest } from "./adapter";
import { isLocalHost } from "./host";

const MAX_BODY_BYTES = 64 * 1024 * 1024;
const CLOSE_WITHIN_MS = 2_000;
const NOT_LOCAL = new AppError("FORBIDDEN", "Redline on a laptop answers only at localhost.");
const TOO_LARGE = new AppError("FILE_TOO_LARGE", "The request is too large. Nothing was changed.");

export interface WebServerOptions {
  /** 0 takes a free port. */
  port: number;
  /** Answers with a file, or returns false. */
  serveFile: (request: IncomingMessage, response: ServerResponse, next: () => void) => boolean;
  /** Answers everything else. Must not throw. */
  handle: (request: Request) => Promise<Response>;
  maxBodyBytes?: number;
  /** Told of every answer of the app's when it was sent, or given up. */
  answered?: (about: { path: string; status: number; durationMs: number }) => void;
}

export interface WebServer {
  port: number;
  /** Lets running requests end, for at most two seconds. */
  close(): Promise<void>;
}

/** Serves on 127.0.0.1 only. Rejects with EADDRINUSE when the port is taken. */
export async function startWebServer({
  port,
  serveFile,
  handle,
  maxBodyBytes = MAX_BODY_BYTES,
  answered = () => undefined,
}: WebServerOptions): Promise<WebServer> {
  const answer = async (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const startedAt = performance.now();
    outgoing.once("close", () =>
      answered({
        path: (incoming.url ?? "/").split("?")[0] ?? "/",
        status: outgoing.statusCode,
        durationMs: performance.now() - startedAt,
      }),
    );
    const { request, isTooLarge } = toFetchRequest(incoming, outgoing, {
      origin: `http://${incoming.headers.host}`,
      maxBodyBytes,
    });
    try {
      const response = await handle(request);
      if (isTooLarge()) refuse(outgoing, TOO_LARGE);
      else await sendFetchResponse(outgoing, response);
    } catch (error) {
      if (outgoing.destroyed) return;
      if (outgoing.headersSent) outgoing.destroy();
      else refuse(outgoing, isTooLarge() ? TOO_LARGE : error);
      if (!isTooLarge()) log.error("response failed", errorFields(error));
    }
  };
  const listener: RequestListener = (request, response) => {
    if (!isLocalHost(request.headers.host)) {
      refuse(response, NOT_LOCAL);
    } else if (Number(request.headers["content-length"] ?? 0) > maxBodyBytes) {
      refuse(response, TOO_LARGE);
    } else {
      const next = () => void answer(request, response);
      if (!serveFile(request, response, next)) next();
    }
  };
  const server = createServer({ keepAliveTimeout: 65_000, requestTimeout: 120_000 }, listener);
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        const timer = setTimeout(() => server.closeAllConnections(), CLOSE_WITHIN_MS);
        server.close(() => {
          clearTimeout(timer);
          resolve();
        });
        // Connections that become idle from now on are of no use either.
        server.keepAliveTimeout = 1;
        server.closeIdleConnections();
      }),
  };
}

function refuse(response: ServerResponse, error: unknown): void {
  const body = JSON.stringify(toErrorShape(error, `req_${randomUUID()}`));
  response.writeHead(error instanceof AppError ? error.status : 500, {
    "content-type": "application/json",
    "content-security-policy": "default-src 'none'; base-uri 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    connection: "close",
  });
  response.end(body);
}
