import { isOpenToLocalOwner, signedInUser } from "@redline/core/auth/index";
import { AppError } from "@redline/core/errors";
import type { AuthState } from "../layout/top-bar";
import { redirectWithin } from "./safe-redirect.server";
import { readSignInCookie } from "./sign-in-cookie.server";

/** Names the authenticated user to the app's routes. A client's own header of this name is removed first. */
export const USER_HEADER = "x-redline-user";

const OPEN = "/auth/sign-in";

/**
 * Authenticates a request before any route: on a laptop every request is its owner's; elsewhere only signed-in users pass,
 * and others get the sign-in page and nothing more. Throws UNAUTHORIZED, or a redirect for a page.
 */
export async function authenticate(request: Request): Promise<Request> {
  if (isOpenToLocalOwner()) return request;
  const headers = new Headers(request.headers);
  headers.delete(USER_HEADER);
  const cookie = await readSignInCookie(request);
  const userId = cookie && (await signedInUser(cookie));
  if (userId) headers.set(USER_HEADER, userId);
  else requireOpenPath(request);
  return new Request(request, { headers });
}

/** Returns whether a page is shown to the laptop's owner, to a signed-in user, or to an unknown visitor. */
export function getAuthState(request: Request): AuthState {
  if (isOpenToLocalOwner()) return "local";
  return request.headers.has(USER_HEADER) ? "signedIn" : "anonymous";
}

function requireOpenPath(request: Request): void {
  const { pathname, search } = new URL(request.url);
  if (pathname === OPEN || pathname === `${OPEN}.data`) return;
  if (request.method === "GET" && request.headers.get("accept")?.includes("text/html")) {
    throw redirectWithin(request, `${OPEN}?to=${encodeURIComponent(pathname + search)}`);
  }
  throw new AppError("UNAUTHORIZED", "Sign in first.");
}
