import { hasAccounts } from "@redline/core/accounts/internal";
import { isOpenToLocalOwner, OPERATOR_ID, signedInBy } from "@redline/core/auth/index";
import type { SignedIn } from "@redline/core/auth/schema";
import { AppError } from "@redline/core/errors";
import type { AuthState } from "../layout/top-bar";
import { redirectWithin } from "./safe-redirect.server";
import { readSignInCookie } from "./sign-in-cookie.server";

/** Tells the app's routes who is signed in. A client's own header of this name is removed first. */
const USER_HEADER = "x-redline-user";

const SIGN_IN = "/auth/sign-in";
const CONFIRM = "/auth/confirm";
/** Paths that are open without signing in: the operator's sign-in, and with accounts the pages that lead to one. */
const OPEN = [SIGN_IN];
const OPEN_WITH_ACCOUNTS = [SIGN_IN, "/auth/sign-up", CONFIRM, "/auth/forgot", "/auth/reset", "/auth/invitation"];
const MAILED_LINK = /^\/once\/[\w-]+$/;

/**
 * Authenticates a request before any route: on a laptop every request is its owner's; elsewhere only who is signed in
 * passes, and others get the pages to sign in and nothing more. Throws UNAUTHORIZED, or a redirect for a page.
 */
export async function authenticate(request: Request): Promise<Request> {
  if (isOpenToLocalOwner()) return request;
  const headers = new Headers(request.headers);
  headers.delete(USER_HEADER);
  const signedIn = await readSignedIn(request);
  if (signedIn) headers.set(USER_HEADER, encodeURIComponent(JSON.stringify(signedIn)));
  if (!signedIn?.isConfirmed) requireOpenPath(request, signedIn);
  return new Request(request, { headers });
}

/** Returns who a request's cookie signs in at this moment. */
export async function readSignedIn(request: Request): Promise<SignedIn | undefined> {
  const cookie = await readSignInCookie(request);
  return cookie ? signedInBy(cookie) : undefined;
}

/** Returns who was found to be signed in when the request came. */
export function getSignedIn(request: Request): SignedIn | undefined {
  const found = request.headers.get(USER_HEADER);
  return found === null ? undefined : JSON.parse(decodeURIComponent(found));
}

/** Returns whether a page is shown to the laptop's owner, to the operator, to an account, or to an unknown visitor. */
export function getAuthState(request: Request): AuthState {
  if (isOpenToLocalOwner()) return "local";
  const signedIn = getSignedIn(request);
  if (!signedIn?.isConfirmed) return "anonymous";
  return signedIn.actor.userId === OPERATOR_ID ? "operator" : "account";
}

function requireOpenPath(request: Request, signedIn: SignedIn | undefined): void {
  const url = new URL(request.url);
  const path = url.pathname.replace(/\.data$/, "");
  const open = hasAccounts() ? OPEN_WITH_ACCOUNTS : OPEN;
  if (open.includes(path) || (hasAccounts() && MAILED_LINK.test(path))) return;
  if (signedIn && path === "/auth/sign-out") return;
  if (request.method === "GET" && request.headers.get("accept")?.includes("text/html")) {
    const to = encodeURIComponent(url.pathname + url.search);
    throw redirectWithin(request, signedIn ? CONFIRM : `${SIGN_IN}?to=${to}`);
  }
  if (signedIn) throw new AppError("FORBIDDEN", "Confirm your e-mail address first. Nothing was changed.");
  throw new AppError("UNAUTHORIZED", "Sign in first.");
}
