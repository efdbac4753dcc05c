import { signInOperator, signOut } from "@redline/core/auth/index";
import { VIEWER_HEADER } from "@redline/core/platform/edge";
import { safeRedirect } from "./safe-redirect.server";
import { readSignInCookie, signInCookie } from "./sign-in-cookie.server";

/** Signs in with the form's secret. Returns the cookie to set and the path on this site to go on to. */
export async function signIn(request: Request): Promise<{ to: string; cookie: string }> {
  const form = await request.formData();
  const secret = form.get("secret");
  const address = request.headers.get(VIEWER_HEADER) ?? "unknown";
  const value = await signInOperator(typeof secret === "string" ? secret : "", address);
  return { to: safeRedirect(request, form.get("to"), "/"), cookie: await signInCookie(request, value) };
}

/** Ends this browser's sign-in and returns the cookie that forgets it. */
export async function endSignIn(request: Request): Promise<string> {
  const value = await readSignInCookie(request);
  if (value) await signOut(value);
  return signInCookie(request, null);
}
