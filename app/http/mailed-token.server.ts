import type { TokenPurpose } from "@redline/core/platform/one-time-tokens";
import { ownCookie, readCookie } from "./own-cookie.server";

const HOUR_SECONDS = 60 * 60;
/** As long as it takes to sign up in between. */
const cookieOf = (request: Request, purpose: TokenPurpose) =>
  ownCookie(request, `mailed-${purpose}`, { maxAge: HOUR_SECONDS });

/** Returns the token of a mailed link that this browser followed. It is in no address, so that nothing passes it on. */
export const readMailedToken = (request: Request, purpose: TokenPurpose): Promise<string | undefined> =>
  readCookie(cookieOf(request, purpose), request);

/** The Set-Cookie header that keeps a token or, with null, forgets it. */
export function mailedTokenCookie(request: Request, purpose: TokenPurpose, token: string | null): Promise<string> {
  const cookie = cookieOf(request, purpose);
  return token === null ? cookie.serialize("", { maxAge: 0 }) : cookie.serialize(token);
}
