import type { MetaFunction } from "@remix-run/node";
import { Form, Link, useActionData } from "@remix-run/react";
import { AuthPage } from "../auth/auth-page";
import { performForgot } from "../auth/reset.server";
import { getActionError, retryAfterOf } from "../http/action-error";
import { withActionErrors, withLoaderErrors } from "../http/errors.server";
import { requireAccounts } from "../http/sign-in.server";
import { Button } from "../ui/button";
import { Field, Input } from "../ui/field";
import { Notice } from "../ui/notice";
import { useCountdown } from "../ui/use-countdown";

export const loader = withLoaderErrors(async () => {
  requireAccounts();
  return null;
});

export const action = withActionErrors(async ({ request, context }) => {
  requireAccounts();
  return performForgot(request, context.address);
});

export const meta: MetaFunction = () => [{ title: "Forgot your password · Redline" }];

export default function Forgot() {
  const sent = useActionData<typeof action>();
  const error = getActionError(sent);
  const left = useCountdown(retryAfterOf(error), error);
  return (
    <AuthPage title="Forgot your password?" about="A link to set a new one is sent by mail.">
      {sent && "isSent" in sent && (
        <Notice>If there is an account with this address, a mail is on its way. Its link is good for an hour.</Notice>
      )}
      <Form method="post" className="flex w-full flex-col items-start gap-3">
        <Field label="E-mail address" error={error?.message} className="w-full">
          {(control) => <Input {...control} type="email" name="email" autoComplete="email" required />}
        </Field>
        <Button type="submit" variant="primary" disabled={left > 0}>
          Send the link
        </Button>
      </Form>
      <Link to="/auth/sign-in" className="link text-13">
        Back to sign in
      </Link>
    </AuthPage>
  );
}
