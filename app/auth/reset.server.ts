import { requestReset, resetPassword } from "@redline/core/accounts/internal";
import { network, startSignIn } from "@redline/core/auth/index";
import { readTextForm } from "../http/body.server";
import { flash } from "../http/flash.server";
import { formText } from "../http/form-text.server";
import { mailedTokenCookie, readMailedToken } from "../http/mailed-token.server";
import { redirectWithin } from "../http/safe-redirect.server";
import { signInHeaders, sourceOf } from "../http/sign-in.server";

/** Mails a link where the address is an account's, and says the same either way. */
export async function performForgot(request: Request, address: string) {
  const email = formText(await readTextForm(request), "email") ?? "";
  await requestReset(email, { network: network(address), origin: new URL(request.url).origin });
  return { isSent: true };
}

/** Sets the new password, which signs out everywhere, and signs this browser in. */
export async function performReset(request: Request, address: string) {
  const password = formText(await readTextForm(request), "password") ?? "";
  const user = await resetPassword({ token: (await readMailedToken(request, "reset")) ?? "", password });
  const headers = await signInHeaders(request, await startSignIn(user, await sourceOf(request, address)));
  headers.append("set-cookie", await mailedTokenCookie(request, "reset", null));
  const said = await flash({ message: "Password changed. Other browsers are signed out." });
  headers.append("set-cookie", said["set-cookie"]);
  return redirectWithin(request, "/", { headers });
}
