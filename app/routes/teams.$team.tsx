import type { MetaFunction } from "@remix-run/node";
import { Form, useActionData, useLoaderData } from "@remix-run/react";
import { getActionError } from "../http/action-error";
import { getActor } from "../http/actor.server";
import { withActionErrors, withLoaderErrors } from "../http/errors.server";
import { requireAccounts } from "../http/sign-in.server";
import { InvitationList } from "../teams/invitation-list";
import { MemberList } from "../teams/member-list";
import { RolesTable } from "../teams/roles-table";
import { loadTeam, performTeamAction } from "../teams/team.server";
import { Button } from "../ui/button";
import { Field, Input } from "../ui/field";
import { Notice } from "../ui/notice";
import { Page, PageHeader } from "../ui/page";

export const loader = withLoaderErrors(async ({ request, params }) => {
  requireAccounts();
  return loadTeam(await getActor(request), params.team ?? "");
});

export const action = withActionErrors(async ({ request, params }) => {
  requireAccounts();
  return performTeamAction(await getActor(request), params.team ?? "", request);
});

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: `${data?.team.name ?? "Team"} · Redline` }];

const FIELDS = ["email", "name"];

export default function TeamSettings() {
  const { team, members, invitations, can, ownId } = useLoaderData<typeof loader>();
  const error = getActionError(useActionData<typeof action>());
  const errorOf = (field: string) => (error?.field === field ? error : undefined);
  return (
    <Page>
      <PageHeader title={team.name} about={team.isPersonal ? "Your personal team, which is yours alone." : "Team"} />
      {error && !FIELDS.includes(error.field ?? "") && (
        <div className="mb-4">
          <Notice tone="danger">{error.message}</Notice>
        </div>
      )}
      <section aria-labelledby="members">
        <h2 id="members" className="mb-2 text-16 font-semibold">
          Members
        </h2>
        <MemberList members={members} canManage={can.manage} ownId={ownId} />
      </section>
      {can.invite && <InvitationList invitations={invitations} error={errorOf("email")} />}
      {!team.isPersonal && <RolesTable />}
      {can.rename && (
        <section aria-labelledby="rename" className="mt-8">
          <h2 id="rename" className="mb-2 text-16 font-semibold">
            Name
          </h2>
          <Form method="post" preventScrollReset className="flex max-w-96 flex-col items-start gap-3">
            <Field label="Name" isLabelHidden error={errorOf("name")?.message} className="w-full">
              {(control) => <Input {...control} key={team.name} name="name" defaultValue={team.name} required />}
            </Field>
            <Button type="submit" name="intent" value="rename">
              Rename
            </Button>
          </Form>
        </section>
      )}
      {!team.isPersonal && (
        <section aria-labelledby="leave" className="mt-8">
          <h2 id="leave" className="mb-1 text-16 font-semibold">
            Leave this team
          </h2>
          <p className="mb-2 text-13 text-quiet">
            You lose access to its sessions at once. An admin can invite you again.
          </p>
          <Form method="post">
            <Button type="submit" variant="removed" name="intent" value="leave">
              Leave team
            </Button>
          </Form>
        </section>
      )}
    </Page>
  );
}
