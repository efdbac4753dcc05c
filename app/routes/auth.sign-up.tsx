import { newAttemptKey } from "@redline/core/sessions/schema";
import type { MetaFunction } from "@remix-run/node";
import { Form, Link, useActionData, useLoaderData, useNavigation } from "@remix-run/react";
import { AuthPage } from "../auth/auth-page";
import { NewPasswordField } from "../auth/password-field";
import { loadSignUp, performSignUp } from "../auth/sign-up.server";
import { getActionError, retryAfterOf } from "../http/action-error";
import { withActionErrors, withLoaderErrors } from "../http/errors.server";
import { requireAccounts } from "../http/sign-in.server";
import { SubmitButton } from "../ui/button";
import { Field, Input } from "../ui/field";
import { Notice } from "../ui/notice";
import { useCountdown } from "../ui/use-countdown";

export const loader = withLoaderErrors(async ({ request }) => {
  requireAccounts();
  return { ...(await loadSignUp(request)), key: newAttemptKey() };
});

export const action = withActionErrors(async ({ request, context }) => {
  requireAccounts();
  return performSignUp(request, context);
});

export const headers = () => ({ "cache-control": "no-store" });

export const meta: MetaFunction = () => [{ title: "Sign up · Redline" }];

const FIELDS = ["name", "email", "username", "password", "claim"];

export default function SignUp() {
  const { isFirst, mode, invitation, key } = useLoaderData<typeof loader>();
  const sent = useActionData<typeof action>();
  const error = getActionError(sent);
  const typed = sent && "typed" in sent ? sent.typed : undefined;
  const left = useCountdown(retryAfterOf(error), error);
  const isBusy = useNavigation().state !== "idle";
  const errorAt = (field: string) => (error?.field === field ? error.message : undefined);
  if (!isFirst && !invitation && mode.kind === "invited") {
    return (
      <AuthPage title="Sign up" about="Accounts here are by invitation. Ask an admin of your team to invite you.">
        <SignInLink />
      </AuthPage>
    );
  }
  return (
    <AuthPage
      title="Sign up"
      about={
        invitation
          ? `${invitation.invitedBy} invites you to ${invitation.teamName}.`
          : isFirst
            ? "The first account operates this Redline, and gets what was made here before."
            : mode.kind === "domain" && `For people with an address at ${mode.domain}.`
      }
    >
      {error && !FIELDS.includes(error.field ?? "") && <Notice tone="danger">{error.message}</Notice>}
      <Form method="post" className="flex w-full flex-col items-start gap-3">
        <input type="hidden" name="key" value={typed?.key ?? key} />
        <Field label="Name" error={errorAt("name")} className="w-full">
          {(control) => <Input {...control} name="name" defaultValue={typed?.name} autoComplete="name" required />}
        </Field>
        <Field label="E-mail address" error={errorAt("email")} className="w-full">
          {(control) => (
            <Input
              {...control}
              type="email"
              name="email"
              defaultValue={typed?.email ?? invitation?.email}
              autoComplete="email"
              required
            />
          )}
        </Field>
        <Field
          label="Username"
          hint="3 to 30 letters, digits or hyphens."
          error={errorAt("username")}
          className="w-full"
        >
          {(control) => (
            <Input
              {...control}
              name="username"
              defaultValue={typed?.username}
              autoComplete="username"
              autoCapitalize="none"
              required
            />
          )}
        </Field>
        <NewPasswordField error={errorAt("password")} />
        {isFirst && (
          <Field
            label="Claim code"
            hint="The operator secret: on a laptop, REDLINE_OPERATOR_SECRET."
            error={errorAt("claim")}
            className="w-full"
          >
            {(control) => <Input {...control} type="password" name="claim" autoComplete="off" required />}
          </Field>
        )}
        <SubmitButton variant="primary" isBusy={isBusy} busyText="Signing up…" disabled={left > 0}>
          Sign up
        </SubmitButton>
      </Form>
      <SignInLink />
    </AuthPage>
  );
}

const SignInLink = () => (
  <p className="text-13 text-quiet">
    Have an account?{" "}
    <Link to="/auth/sign-in" className="link">
      Sign in
    </Link>
  </p>
);
