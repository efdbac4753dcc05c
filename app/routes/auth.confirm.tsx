import type { MetaFunction } from "@remix-run/node";
import { Form, useActionData, useLoaderData } from "@remix-run/react";
import { AuthPage } from "../auth/auth-page";
import { loadConfirmation, performConfirmation } from "../auth/confirm.server";
import { getActionError } from "../http/action-error";
import { withActionErrors, withLoaderErrors } from "../http/errors.server";
import { requireAccounts } from "../http/sign-in.server";
import { Button, ButtonLink } from "../ui/button";
import { Notice } from "../ui/notice";

export const loader = withLoaderErrors(async ({ request }) => {
  requireAccounts();
  return loadConfirmation(request);
});

export const action = withActionErrors(async ({ request }) => {
  requireAccounts();
  return performConfirmation(request);
});

export const headers = () => ({ "cache-control": "no-store" });

export const meta: MetaFunction = () => [{ title: "Confirm your e-mail address · Redline" }];

export default function Confirm() {
  const { isWaiting, hasLink } = useLoaderData<typeof loader>();
  const error = getActionError(useActionData<typeof action>());
  return (
    <AuthPage title="Confirm your e-mail address">
      {error && <Notice tone="danger">{error.message}</Notice>}
      {hasLink ? (
        <Form method="post">
          <Button type="submit" variant="primary" name="intent" value="confirm">
            Confirm this address
          </Button>
        </Form>
      ) : (
        <p>Open the link in the mail that was sent to you. It is good for a day.</p>
      )}
      {isWaiting ? (
        <div className="flex flex-wrap gap-2">
          <Form method="post">
            <Button type="submit" name="intent" value="send">
              Send another mail
            </Button>
          </Form>
          <Form method="post" action="/auth/sign-out">
            <Button type="submit" variant="quiet">
              Sign out
            </Button>
          </Form>
        </div>
      ) : (
        !hasLink && <ButtonLink to="/auth/sign-in">Sign in</ButtonLink>
      )}
    </AuthPage>
  );
}
