import type { MetaFunction } from "@remix-run/node";
import { Form, useActionData, useLoaderData } from "@remix-run/react";
import { AuthPage } from "../auth/auth-page";
import { loadInvitation, performJoin } from "../auth/invitation.server";
import { getActionError } from "../http/action-error";
import { withActionErrors, withLoaderErrors } from "../http/errors.server";
import { requireAccounts } from "../http/sign-in.server";
import { Button, ButtonLink } from "../ui/button";
import { Notice } from "../ui/notice";

export const loader = withLoaderErrors(async ({ request }) => {
  requireAccounts();
  return loadInvitation(request);
});

export const action = withActionErrors(async ({ request }) => {
  requireAccounts();
  return performJoin(request);
});

export const headers = () => ({ "cache-control": "no-store" });

export const meta: MetaFunction = () => [{ title: "Invitation · Redline" }];

export default function Invitation() {
  const { invitation, person } = useLoaderData<typeof loader>();
  const error = getActionError(useActionData<typeof action>());
  if (!invitation) {
    return (
      <AuthPage title="Invitation" about="This invitation was accepted or revoked, or has expired.">
        <ButtonLink to="/">Continue to Redline</ButtonLink>
      </AuthPage>
    );
  }
  const { teamName, role, invitedBy } = invitation;
  return (
    <AuthPage title={`Join ${teamName}`} about={`${invitedBy} invites you as ${role}.`}>
      {error && <Notice tone="danger">{error.message}</Notice>}
      {person ? (
        <Form method="post" className="flex flex-col items-start gap-3">
          <p className="text-13 text-quiet">You are signed in as {person}.</p>
          <Button type="submit" variant="primary">
            Join {teamName}
          </Button>
        </Form>
      ) : (
        <div className="flex flex-wrap gap-2">
          <ButtonLink variant="primary" to="/auth/sign-up">
            Create an account
          </ButtonLink>
          <ButtonLink to="/auth/sign-in?to=/auth/invitation">Sign in</ButtonLink>
        </div>
      )}
    </AuthPage>
  );
}
