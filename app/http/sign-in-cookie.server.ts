import { LIMITS } from "@redline/core/limits";
import { ownCookie, readCookie } from "./own-cookie.server";

const DAY_SECONDS = 24 * 60 * 60;

const session = (request: Request) => ownCookie(request, "session", { maxAge: LIMITS.signIn.days * DAY_SECONDS });
const device = (request: Request) => ownCookie(request, "device", { maxAge: LIMITS.signIn.deviceDays * DAY_SECONDS });

/** The sign-in that a browser sent, if any. */
export const readSignInCookie = (request: Request): Promise<string | undefined> =>
  readCookie(session(request), request);

/** Returns the token of a known device, if the browser sent one. */
export const readDeviceCookie = (request: Request): Promise<string | undefined> => readCookie(device(request), request);

/** The Set-Cookie header that keeps a sign-in or, with null, forgets it. */
export function signInCookie(request: Request, value: string | null): Promise<string> {
  return value === null ? session(request).serialize("", { maxAge: 0 }) : session(request).serialize(value);
}

/** The Set-Cookie header that makes a browser a known one. */
export const knownDeviceCookie = (request: Request, value: string): Promise<string> => device(request).serialize(value);
