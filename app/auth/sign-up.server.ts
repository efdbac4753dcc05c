import {
  isFirstAccountTaken,
  type SignUpMode,
  sendConfirmation,
  signUp,
  signUpMode,
  type User,
} from "@redline/core/accounts/internal";
import { network, restoreActor, startSignIn } from "@redline/core/auth/index";
import { AppError, toErrorShape } from "@redline/core/errors";
import { acceptInvitation } from "@redline/core/teams/index";
import { findInvitation } from "@redline/core/teams/internal";
import { data } from "@remix-run/node";
import { readTextForm } from "../http/body.server";
import { flash } from "../http/flash.server";
import { formText } from "../http/form-text.server";
import { mailedTokenCookie, readMailedToken } from "../http/mailed-token.server";
import { redirectWithin } from "../http/safe-redirect.server";
import { signInHeaders, sourceOf } from "../http/sign-in.server";
import { teamCookie } from "../http/team-cookie.server";

type SignUpPage = {
  isFirst: boolean;
  mode: SignUpMode;
  invitation?: { email: string; teamName: string; invitedBy: string };
};

/** Returns who may sign up here, and by which invitation this visitor does. */
export async function loadSignUp(request: Request): Promise<SignUpPage> {
  const [isTaken, invitation] = await Promise.all([isFirstAccountTaken(), openInvitation(request)]);
  const { email, teamName, invitedBy } = invitation ?? {};
  return {
    ...{ isFirst: !isTaken, mode: signUpMode() },
    ...(email && teamName && invitedBy && { invitation: { email, teamName, invitedBy } }),
  };
}

async function openInvitation(request: Request) {
  const token = await readMailedToken(request, "invitation");
  const found = token === undefined ? undefined : await findInvitation(token);
  return found?.acceptedBy ? undefined : found;
}

/** Signs up by the form, signs this browser in and goes on to what comes next. Errors return what was typed. */
export async function performSignUp(request: Request, context: { address: string; requestId: string }) {
  let form: FormData | undefined;
  try {
    form = await readTextForm(request);
    const text = (name: string) => formText(form as FormData, name) ?? "";
    const invitation = await readMailedToken(request, "invitation");
    const { email, username, name, password, key, claim } = Object.fromEntries(
      ["email", "username", "name", "password", "key", "claim"].map((each) => [each, text(each)]),
    ) as Record<"email" | "username" | "name" | "password" | "key" | "claim", string>;
    const given = { key, name, email, username, password, claim, invitation };
    const user = await signUp(given, { network: network(context.address) });
    return await signUpDone(request, context.address, user, invitation);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const typed = form && {
      ...{ key: formText(form, "key"), name: formText(form, "name") },
      ...{ email: formText(form, "email"), username: formText(form, "username") },
    };
    return data({ ...toErrorShape(error, context.requestId), typed }, { status: error.status });
  }
}

async function signUpDone(request: Request, address: string, user: User, invitation: string | undefined) {
  const headers = await signInHeaders(request, await startSignIn(user, await sourceOf(request, address)));
  if (!user.isConfirmed) {
    await sendConfirmation(user, new URL(request.url).origin).catch(() => undefined);
    return redirectWithin(request, "/auth/confirm", { headers });
  }
  if (user.isOperator) {
    headers.append("set-cookie", await teamCookie(request, "tea_local"));
    return redirectWithin(request, "/", { headers });
  }
  return invitation ? join(request, user.id, invitation, headers) : redirectWithin(request, "/", { headers });
}

/** Makes a user a member by an invitation, and goes to that team's sessions. */
export async function join(request: Request, userId: string, token: string, headers = new Headers()) {
  const { teamId, teamName } = await acceptInvitation(await restoreActor({ userId }), { token });
  headers.append("set-cookie", await teamCookie(request, teamId));
  headers.append("set-cookie", await mailedTokenCookie(request, "invitation", null));
  headers.append("set-cookie", (await flash({ message: `You are a member of ${teamName}.` }))["set-cookie"]);
  return redirectWithin(request, "/sessions", { headers });
}
