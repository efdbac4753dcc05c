import { hasAccounts } from "@redline/core/accounts/internal";
import {
  isOpenToLocalOwner,
  type SignInCookies,
  type SignInSource,
  signInOperator,
  signInWithPassword,
  signOut,
} from "@redline/core/auth/index";
import { AppError } from "@redline/core/errors";
import { readTextForm } from "./body.server";
import { formText } from "./form-text.server";
import { knownDeviceCookie, readDeviceCookie, readSignInCookie, signInCookie } from "./sign-in-cookie.server";

/** Throws NOT_FOUND where nobody signs in with an account: on a laptop that is open to its owner. */
export function requireAccounts(): void {
  if (!hasAccounts()) throw new AppError("NOT_FOUND", "This page doesn't exist.");
}

/**
 * Signs in with the form's secret, or with its username and password. Returns the headers that keep it and the address
 * that the form wants to go on to.
 */
export async function signIn(request: Request, address: string): Promise<{ to: unknown; headers: Headers }> {
  const form = await readTextForm(request);
  // A laptop that is open to its owner has no secret.
  if (isOpenToLocalOwner()) throw new AppError("NOT_FOUND", "This Redline doesn't require signing in.");
  const source = await sourceOf(request, address);
  const login = formText(form, "login");
  const isAccount = login !== undefined && hasAccounts();
  const cookies = isAccount
    ? await signInWithPassword({ login, password: formText(form, "password") ?? "" }, source)
    : await signInOperator(formText(form, "secret") ?? "", source);
  return { to: form.get("to"), headers: await signInHeaders(request, cookies) };
}

export const sourceOf = async (request: Request, address: string): Promise<SignInSource> => ({
  ...{ address, device: await readDeviceCookie(request), agent: request.headers.get("user-agent") ?? undefined },
});

/** Returns the headers that keep a sign-in in this browser. */
export async function signInHeaders(request: Request, { session, device }: SignInCookies): Promise<Headers> {
  const headers = new Headers({ "set-cookie": await signInCookie(request, session) });
  headers.append("set-cookie", await knownDeviceCookie(request, device));
  return headers;
}

/** Ends this browser's sign-in and returns the cookie that forgets it. */
export async function endSignIn(request: Request): Promise<string> {
  const value = await readSignInCookie(request);
  if (value) await signOut(value);
  return signInCookie(request, null);
}
