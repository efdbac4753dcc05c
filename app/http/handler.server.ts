import { randomBytes } from "node:crypto";
import * as build from "virtual:remix/server-build";
import { currentRequestId, forRequest, newRequestId } from "@redline/core/platform/correlation";
import { isEdgeHeader } from "@redline/core/platform/edge";
import { log } from "@redline/core/platform/log";
import { assertDataVersionSupported } from "@redline/core/platform/schema-version";
import { type AppLoadContext, createRequestHandler } from "@remix-run/node";
import { authenticate } from "./authenticate.server";
import { errorResponse } from "./errors.server";
import { secure } from "./headers.server";
import { requireOwnOrigin } from "./origin.server";
import { routeMethods } from "./route-methods.server";

// SST and the bundlers of other hosts look for Remix's own build in this module as well.
export * from "virtual:remix/server-build";
export { handBackWork, settleWork } from "@redline/core/jobs/index";
export { invocation } from "@redline/core/platform/invocation";
export { traceWith } from "@redline/core/platform/trace";

/** Reports its own failures, so it skips the data-version check. */
const HEALTH = "/health";
const THIS_MACHINE = "127.0.0.1";

const handleRequest = createRequestHandler(build, import.meta.env.MODE);
const requireRouteMethod = routeMethods(build.routes);

/**
 * Responds to one HTTP request, on the laptop and on AWS alike: refuses requests from other sites' pages, assigns an id and
 * a nonce, runs the routes and sets the security headers. Never throws.
 * @param viewer the address that the edge saw; without an edge only this machine's own browser gets here
 */
export async function handle(sent: Request, viewer = THIS_MACHINE): Promise<Response> {
  const request = withoutEdgeHeaders(sent);
  const context: AppLoadContext = {
    nonce: randomBytes(16).toString("base64"),
    requestId: currentRequestId() ?? newRequestId(),
    address: viewer,
  };
  const startedAt = performance.now();
  const response = await forRequest(context.requestId, () => respond(request, context));
  log.debug("request", {
    requestId: context.requestId,
    method: request.method,
    status: response.status,
    durationMs: Math.round(performance.now() - startedAt),
  });
  return secure(request, response, context);
}

async function respond(request: Request, context: AppLoadContext): Promise<Response> {
  try {
    requireOwnOrigin(request);
    const isHealth = new URL(request.url).pathname === HEALTH;
    const [authenticated] = await Promise.all([authenticate(request), isHealth || assertDataVersionSupported()]);
    requireRouteMethod(authenticated);
    if (authenticated.method === "HEAD") return await respondToHead(authenticated, context);
    return await handleRequest(authenticated, context);
  } catch (error) {
    if (error instanceof Response) return error;
    // The client disconnected: aborted work is not a failure, and the response has no reader.
    if (request.signal.aborted) return new Response(null, { status: 400 });
    return errorResponse(error, context.requestId);
  }
}

/** Drops the edge's headers: they were read before, and from here on such a header would be the client's own. */
function withoutEdgeHeaders(request: Request): Request {
  const claimed = [...request.headers.keys()].filter(isEdgeHeader);
  if (claimed.length === 0) return request;
  const headers = new Headers(request.headers);
  for (const name of claimed) headers.delete(name);
  return new Request(request, { headers });
}

/**
 * Responds to a HEAD as to a GET without its body: Remix takes one that requests a page's data for an action, and an
 * event stream that was started for one would run for minutes.
 */
async function respondToHead(request: Request, context: AppLoadContext): Promise<Response> {
  const responded = new AbortController();
  const signal = AbortSignal.any([request.signal, responded.signal]);
  try {
    const { body, status, statusText, headers } = await handleRequest(
      new Request(request, { method: "GET", signal }),
      context,
    );
    await body?.cancel();
    return new Response(null, { status, statusText, headers });
  } finally {
    responded.abort();
  }
}
