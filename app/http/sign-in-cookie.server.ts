import { LIMITS } from "@redline/core/limits";
import { createCookie } from "@remix-run/node";

const SECONDS = LIMITS.signIn.days * 24 * 60 * 60;
const attributes = {
  path: "/",
  sameSite: "lax",
  httpOnly: true,
  maxAge: SECONDS,
  encode: String,
  decode: String,
} as const;

/** `__Host-` needs HTTPS, which every deployed stage has and a laptop's plain localhost does not. */
const secure = createCookie("__Host-session", { ...attributes, secure: true });
const plain = createCookie("session", attributes);

const cookieFor = (request: Request) => (new URL(request.url).protocol === "https:" ? secure : plain);

/** The sign-in that a browser sent, if any. */
export async function readSignInCookie(request: Request): Promise<string | undefined> {
  const value: unknown = await cookieFor(request).parse(request.headers.get("cookie"));
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** The Set-Cookie header that keeps a sign-in or, with null, forgets it. */
export function signInCookie(request: Request, value: string | null): Promise<string> {
  return value === null ? cookieFor(request).serialize("", { maxAge: 0 }) : cookieFor(request).serialize(value);
}
