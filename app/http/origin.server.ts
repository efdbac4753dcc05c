import { AppError } from "@redline/core/errors";

const READS = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * Lets only our own pages change anything: a cookie, or being on the laptop, says who the browser's owner is, not which
 * site asked. Throws FORBIDDEN when the Origin is foreign, missing or `null`.
 */
export function requireOwnOrigin(request: Request): void {
  if (READS.has(request.method)) return;
  if (request.headers.get("origin") === new URL(request.url).origin) return;
  throw new AppError("FORBIDDEN", "This request did not come from a Redline page, so nothing was changed.");
}
