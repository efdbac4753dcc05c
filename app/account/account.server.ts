import { changePassword, getAccount, listDevices, revokeDevice, signOutEverywhere } from "@redline/core/accounts/index";
import { startSignIn } from "@redline/core/auth/index";
import type { Actor } from "@redline/core/auth/schema";
import { AppError } from "@redline/core/errors";
import { readTextForm } from "../http/body.server";
import { flash } from "../http/flash.server";
import { formText } from "../http/form-text.server";
import { redirectWithin } from "../http/safe-redirect.server";
import { signInHeaders, sourceOf } from "../http/sign-in.server";
import { readSignInCookie, signInCookie } from "../http/sign-in-cookie.server";

/** Loads the actor's account and the browsers that are signed in to it. */
export async function loadAccount(actor: Actor, request: Request) {
  const signIn = await readSignInCookie(request);
  const [account, devices] = await Promise.all([getAccount(actor, {}), listDevices(actor, { signIn })]);
  return { account, devices };
}

/** Performs the submitted form's action. Throws AppError. */
export async function performAccountAction(actor: Actor, request: Request, address: string) {
  const form = await readTextForm(request);
  const text = (name: string) => formText(form, name) ?? "";
  switch (form.get("intent")) {
    case "password": {
      const account = await changePassword(actor, { current: text("current"), password: text("password") });
      const headers = await signInHeaders(request, await startSignIn(account, await sourceOf(request, address)));
      return back(request, "Password changed. Other browsers are signed out.", headers);
    }
    case "revoke":
      await revokeDevice(actor, { id: text("id") });
      return back(request, "Signed out there.", new Headers());
    case "sign-out-everywhere":
      await signOutEverywhere(actor, {});
      return redirectWithin(request, "/auth/sign-in", { headers: { "set-cookie": await signInCookie(request, null) } });
    default:
      throw new AppError("INVALID_INPUT", "Unknown action.", { field: "intent" });
  }
}

async function back(request: Request, message: string, headers: Headers) {
  headers.append("set-cookie", (await flash({ message }))["set-cookie"]);
  return redirectWithin(request, "/settings/account", { headers });
}
