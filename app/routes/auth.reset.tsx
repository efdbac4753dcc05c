import type { MetaFunction } from "@remix-run/node";
import { Form, useActionData, useLoaderData } from "@remix-run/react";
import { AuthPage } from "../auth/auth-page";
import { NewPasswordField } from "../auth/password-field";
import { performReset } from "../auth/reset.server";
import { getActionError } from "../http/action-error";
import { withActionErrors, withLoaderErrors } from "../http/errors.server";
import { readMailedToken } from "../http/mailed-token.server";
import { requireAccounts } from "../http/sign-in.server";
import { Button, ButtonLink } from "../ui/button";
import { Notice } from "../ui/notice";

export const loader = withLoaderErrors(async ({ request }) => {
  requireAccounts();
  return { hasLink: (await readMailedToken(request, "reset")) !== undefined };
});

export const action = withActionErrors(async ({ request, context }) => {
  requireAccounts();
  return performReset(request, context.address);
});

export const headers = () => ({ "cache-control": "no-store" });

export const meta: MetaFunction = () => [{ title: "Set a new password · Redline" }];

export default function Reset() {
  const { hasLink } = useLoaderData<typeof loader>();
  const error = getActionError(useActionData<typeof action>());
  if (!hasLink) {
    return (
      <AuthPage title="Set a new password" about="This page is reached by the link in a mail.">
        <ButtonLink to="/auth/forgot">Ask for a link</ButtonLink>
      </AuthPage>
    );
  }
  return (
    <AuthPage title="Set a new password" about="It signs you out in every other browser.">
      {error && error.field !== "password" && <Notice tone="danger">{error.message}</Notice>}
      <Form method="post" className="flex w-full flex-col items-start gap-3">
        <NewPasswordField label="New password" error={error?.field === "password" ? error.message : undefined} />
        <Button type="submit" variant="primary">
          Set password
        </Button>
      </Form>
    </AuthPage>
  );
}
