import { readToken, type TokenPurpose } from "@redline/core/platform/one-time-tokens";
import { getSignedIn } from "../http/authenticate.server";
import { withResponseErrors } from "../http/errors.server";
import { flash } from "../http/flash.server";
import { mailedTokenCookie } from "../http/mailed-token.server";
import { redirectWithin } from "../http/safe-redirect.server";
import { requireAccounts } from "../http/sign-in.server";

const PAGES: Record<TokenPurpose, string> = {
  confirm: "/auth/confirm",
  reset: "/auth/reset",
  invitation: "/auth/invitation",
};

/**
 * `GET /once/<token>`, a mailed link: keeps the token in a cookie and goes to its page, which has a button. Following the
 * link changes nothing, as programs that read mail follow links, too.
 */
export const loader = withResponseErrors(async ({ request, params }) => {
  requireAccounts();
  const token = params.token ?? "";
  const found = await readToken(token);
  const headers = new Headers({ "cache-control": "no-store" });
  if (found) headers.append("set-cookie", await mailedTokenCookie(request, found.purpose, token));
  else
    headers.append("set-cookie", (await flash({ message: "This link has expired. Ask for a new one." }))["set-cookie"]);
  const otherwise = getSignedIn(request) ? "/" : "/auth/sign-in";
  return redirectWithin(request, found ? PAGES[found.purpose] : otherwise, { headers });
});
