import { isOpenToLocalOwner, signedInUser } from "@redline/core/auth/index";
import { AppError } from "@redline/core/errors";
import type { Door } from "../layout/top-bar";
import { redirectWithin } from "./safe-redirect.server";
import { readSignInCookie } from "./sign-in-cookie.server";

/** Says to the app's routes who asks. Whatever a client sends by this name is removed first. */
export const USER_HEADER = "x-redline-user";

const OPEN = "/auth/sign-in";

/**
 * Before any route: on a laptop everyone who gets here is its owner; elsewhere only who is signed in passes, and
 * everyone else gets the sign-in page and nothing more. Throws UNAUTHORIZED, or a redirect for a page.
 */
export async function admit(request: Request): Promise<Request> {
  if (isOpenToLocalOwner()) return request;
  const headers = new Headers(request.headers);
  headers.delete(USER_HEADER);
  const cookie = await readSignInCookie(request);
  const userId = cookie && (await signedInUser(cookie));
  if (userId) headers.set(USER_HEADER, userId);
  else requireOpenPath(request);
  return new Request(request, { headers });
}

/** Whether a page is shown to the laptop's owner, to someone who is signed in, or to nobody we know. */
export function doorOf(request: Request): Door {
  if (isOpenToLocalOwner()) return "open";
  return request.headers.has(USER_HEADER) ? "in" : "out";
}

function requireOpenPath(request: Request): void {
  const { pathname, search } = new URL(request.url);
  if (pathname === OPEN || pathname === `${OPEN}.data`) return;
  if (request.method === "GET" && request.headers.get("accept")?.includes("text/html")) {
    throw redirectWithin(request, `${OPEN}?to=${encodeURIComponent(pathname + search)}`);
  }
  throw new AppError("UNAUTHORIZED", "Sign in first.");
}
