import type { AppLoadContext } from "@remix-run/node";
import { uploadOrigin } from "./upload-origin.server";

const YEAR_SECONDS = 365 * 24 * 60 * 60;

/** Puts the headers of limits.md (security row 5) and the request's id on a response; what a route set itself stays. */
export function secure(
  request: Request,
  response: Response,
  { nonce, requestId, retryAfterSeconds }: Pick<AppLoadContext, "nonce" | "requestId" | "retryAfterSeconds">,
): Response {
  const headers = mutableHeaders(response);
  const defaults: Record<string, string> = {
    "content-security-policy": contentSecurityPolicy(nonce),
    "x-content-type-options": "nosniff",
    // Plain forms send their Origin only while the browser may tell our own site where it came from.
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "private, no-cache",
    "x-request-id": requestId,
  };
  if (new URL(request.url).protocol === "https:") {
    defaults["strict-transport-security"] = `max-age=${2 * YEAR_SECONDS}; includeSubDomains`;
  }
  if (retryAfterSeconds !== undefined) defaults["retry-after"] = String(retryAfterSeconds);
  for (const [name, value] of Object.entries(defaults)) if (!headers.has(name)) headers.set(name, value);
  if (headers === response.headers) return response;
  return new Response(response.body, { status: response.status, statusText: response.statusText, headers });
}

/** `Response.redirect` and `fetch` make responses whose headers cannot be changed. */
function mutableHeaders(response: Response): Headers {
  try {
    response.headers.delete("x-powered-by");
    return response.headers;
  } catch {
    return new Headers(response.headers);
  }
}

function contentSecurityPolicy(nonce: string): string {
  const uploads = uploadOrigin();
  // The development server reloads over a socket and puts styles into the page as it goes.
  const dev = import.meta.env.DEV;
  return [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}'`,
    `style-src 'self' 'nonce-${nonce}'`,
    dev ? "style-src-elem 'self' 'unsafe-inline'" : `style-src-elem 'self' 'nonce-${nonce}'`,
    "style-src-attr 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    `connect-src 'self' ${uploads}${dev ? " ws:" : ""}`,
    `form-action 'self' ${uploads}`,
    "worker-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join("; ");
}
