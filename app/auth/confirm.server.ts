import { confirmAddress, readUser, sendConfirmation } from "@redline/core/accounts/internal";
import { AppError } from "@redline/core/errors";
import { getSignedIn } from "../http/authenticate.server";
import { readTextForm } from "../http/body.server";
import { flash } from "../http/flash.server";
import { mailedTokenCookie, readMailedToken } from "../http/mailed-token.server";
import { redirectWithin } from "../http/safe-redirect.server";

/** Returns whether who is signed in has still to confirm their address, and whether this browser followed the link. */
export async function loadConfirmation(request: Request): Promise<{ isWaiting: boolean; hasLink: boolean }> {
  return {
    isWaiting: getSignedIn(request)?.isConfirmed === false,
    hasLink: (await readMailedToken(request, "confirm")) !== undefined,
  };
}

/** Confirms the address that the link was mailed to, or mails another link. */
export async function performConfirmation(request: Request) {
  const form = await readTextForm(request);
  if (form.get("intent") === "send") return sendAgain(request);
  const token = (await readMailedToken(request, "confirm")) ?? "";
  await confirmAddress(token);
  const headers = new Headers(await flash({ message: "Your e-mail address is confirmed." }));
  headers.append("set-cookie", await mailedTokenCookie(request, "confirm", null));
  const hasInvitation = (await readMailedToken(request, "invitation")) !== undefined;
  const isSignedIn = getSignedIn(request) !== undefined;
  const next = hasInvitation ? "/auth/invitation" : isSignedIn ? "/" : "/auth/sign-in";
  return redirectWithin(request, next, { headers });
}

async function sendAgain(request: Request) {
  const signedIn = getSignedIn(request);
  const user = signedIn && (await readUser(signedIn.actor.userId));
  if (!user) throw new AppError("UNAUTHORIZED", "Sign in first.");
  await sendConfirmation(user, new URL(request.url).origin);
  return redirectWithin(request, "/auth/confirm", { headers: await flash({ message: "The mail was sent." }) });
}
