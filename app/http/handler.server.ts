import { randomBytes } from "node:crypto";
import * as build from "virtual:remix/server-build";
import { currentRequestId, forRequest, newRequestId } from "@redline/core/platform/correlation";
import { log } from "@redline/core/platform/log";
import { requireKnownData } from "@redline/core/platform/schema-version";
import { createRequestHandler } from "@remix-run/node";
import { errorResponse } from "./errors.server";
import { admit } from "./gate.server";
import { secure } from "./headers.server";
import { requireOwnOrigin } from "./origin.server";

// SST and the bundlers of other hosts look for Remix's own build in this module as well.
export * from "virtual:remix/server-build";
export { invocation } from "@redline/core/platform/invocation";
export { traceWith } from "@redline/core/platform/trace";
export { answersSettled, interruptAnswers } from "@redline/core/replies/index";

/** Says itself what is wrong. */
const HEALTH = "/health";

const answer = createRequestHandler(build, import.meta.env.MODE);

/**
 * Answers one HTTP request, on the laptop and on AWS alike: refuses what another site's page sent, gives it an id and
 * a nonce, runs the routes and puts the security headers on whatever comes out. Never throws.
 */
export async function handle(request: Request): Promise<Response> {
  const context = { nonce: randomBytes(16).toString("base64"), requestId: currentRequestId() ?? newRequestId() };
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

async function respond(request: Request, context: { nonce: string; requestId: string }): Promise<Response> {
  try {
    requireOwnOrigin(request);
    const isHealth = new URL(request.url).pathname === HEALTH;
    const [admitted] = await Promise.all([admit(request), isHealth || requireKnownData()]);
    return await answer(admitted, context);
  } catch (error) {
    if (error instanceof Response) return error;
    return errorResponse(error, context.requestId);
  }
}
