import { isOpenToLocalOwner, signInOperator, signOut } from "@redline/core/auth/index";
import { AppError } from "@redline/core/errors";
import { readTextForm } from "./body.server";
import { knownDeviceCookie, readDeviceCookie, readSignInCookie, signInCookie } from "./sign-in-cookie.server";

/**
 * Signs in with the form's secret. Returns the headers that keep it and the address that the form wants to go on to.
 */
export async function signIn(request: Request, address: string): Promise<{ to: unknown; headers: Headers }> {
  const form = await readTextForm(request);
  // A laptop that is open to its owner has no secret.
  if (isOpenToLocalOwner())
    throw new AppError("NOT_FOUND", "There is nothing to sign in to: you are at your own Redline.");
  const secret = form.get("secret");
  const source = { address, device: await readDeviceCookie(request) };
  const { session, device } = await signInOperator(typeof secret === "string" ? secret : "", source);
  const headers = new Headers({ "set-cookie": await signInCookie(request, session) });
  headers.append("set-cookie", await knownDeviceCookie(request, device));
  return { to: form.get("to"), headers };
}

/** Ends this browser's sign-in and returns the cookie that forgets it. */
export async function endSignIn(request: Request): Promise<string> {
  const value = await readSignInCookie(request);
  if (value) await signOut(value);
  return signInCookie(request, null);
}
