/** The laptop's web server: files, then the app, for this machine's own browser only. */

import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { AppError } from "@redline/core/errors";
import { HttpRefusal, requireKnownMethod } from "@redline/core/platform/http-request";
import { errorFields, log } from "@redline/core/platform/log";
import { createHttpServer } from "../http/server";
import { receive, sendFetchResponse } from "./adapter";
import { isLocalHost } from "./host";

const MAX_BODY_BYTES = 64 * 1024 * 1024;
const CLOSE_WITHIN_MS = 2_000;
const NOT_LOCAL = new AppError("FORBIDDEN", "Redline on a laptop responds only at localhost.");

export interface WebServerOptions {
  /** 0 takes a free port. */
  port: number;
  /** Responds with a file, or returns false. */
  serveFile: (request: IncomingMessage, response: ServerResponse, next: () => void) => boolean;
  /** Responds to everything else. Must not throw. */
  handle: (request: Request) => Promise<Response>;
  maxBodyBytes?: number;
  /** Called for every request of the app; `onResponse` follows. */
  onRequest?: () => void;
  /** Called for every response of the app when it was sent, or given up. */
  onResponse?: (about: { path: string; status: number; durationMs: number }) => void;
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
  onRequest = () => undefined,
  onResponse = () => undefined,
}: WebServerOptions): Promise<WebServer> {
  const respond = async (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const startedAt = performance.now();
    onRequest();
    outgoing.once("close", () =>
      onResponse({
        path: (incoming.url ?? "/").split("?")[0] ?? "/",
        status: outgoing.statusCode,
        durationMs: performance.now() - startedAt,
      }),
    );
    const { request, requireWhole } = receive(incoming, outgoing, maxBodyBytes);
    const response = await handle(request);
    try {
      requireWhole();
    } catch (error) {
      await response.body?.cancel();
      throw error;
    }
    await sendFetchResponse(outgoing, response);
  };
  const listener = async (request: IncomingMessage, response: ServerResponse) => {
    requireKnownMethod(request.method ?? "");
    toOriginForm(request);
    if (!isLocalHost(request.headers.host)) throw NOT_LOCAL;
    await passedOn(serveFile, request, response);
    await respond(request, response);
  };
  const report = (error: unknown) => log.error("response failed", errorFields(error));
  const server = createHttpServer({ keepAliveTimeout: 65_000, requestTimeout: 120_000, report }, listener);
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

/** Resolves when the files' server leaves the request to the app, which it does not do where there is a file. */
function passedOn(serveFile: WebServerOptions["serveFile"], request: IncomingMessage, response: ServerResponse) {
  return new Promise<void>((resolve) => {
    if (!serveFile(request, response, resolve)) resolve();
  });
}

/** A target may name the server as well (`GET http://localhost:3000/a`): that name then counts, not the Host header. */
function toOriginForm(request: IncomingMessage): void {
  const { url = "/" } = request;
  if (url.startsWith("/")) return;
  const [, host, rest = ""] = /^http:\/\/([^/?#]+)(.*)$/i.exec(url) ?? [];
  if (host === undefined) throw new HttpRefusal(400, "That is no address of a page.");
  request.headers.host = host;
  request.url = rest.startsWith("/") ? rest : `/${rest}`;
}
