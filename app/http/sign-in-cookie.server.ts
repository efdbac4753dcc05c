import { LIMITS } from "@redline/core/limits";
import { createCookie } from "@remix-run/node";

const DAY_SECONDS = 24 * 60 * 60;
const attributes = { path: "/", sameSite: "lax", httpOnly: true, encode: String, decode: String } as const;

/**
 * `__Host-` needs HTTPS, which every deployed stage has and a laptop's plain localhost does not; there cookies are shared
 * by all ports, so that each server's have a name of their own.
 */
function cookieFor(request: Request, name: string, days: number) {
  const { protocol, port } = new URL(request.url);
  const maxAge = days * DAY_SECONDS;
  if (protocol === "https:") return createCookie(`__Host-${name}`, { ...attributes, maxAge, secure: true });
  return createCookie(port ? `${name}-${port}` : name, { ...attributes, maxAge });
}

const session = (request: Request) => cookieFor(request, "session", LIMITS.signIn.days);
const device = (request: Request) => cookieFor(request, "device", LIMITS.signIn.deviceDays);

/** The sign-in that a browser sent, if any. */
export const readSignInCookie = (request: Request): Promise<string | undefined> => read(session(request), request);

/** Returns the token of a known device, if the browser sent one. */
export const readDeviceCookie = (request: Request): Promise<string | undefined> => read(device(request), request);

/** The Set-Cookie header that keeps a sign-in or, with null, forgets it. */
export function signInCookie(request: Request, value: string | null): Promise<string> {
  return value === null ? session(request).serialize("", { maxAge: 0 }) : session(request).serialize(value);
}

/** The Set-Cookie header that makes a browser a known one. */
export const knownDeviceCookie = (request: Request, value: string): Promise<string> => device(request).serialize(value);

async function read(cookie: ReturnType<typeof createCookie>, request: Request): Promise<string | undefined> {
  const value: unknown = await cookie.parse(request.headers.get("cookie"));
  return typeof value === "string" && value !== "" ? value : undefined;
}
