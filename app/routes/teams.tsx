import { newAttemptKey } from "@redline/core/sessions/schema";
import type { MetaFunction } from "@remix-run/node";
import { Form, Link, useActionData, useLoaderData } from "@remix-run/react";
import { getActionError } from "../http/action-error";
import { getActor } from "../http/actor.server";
import { withActionErrors, withLoaderErrors } from "../http/errors.server";
import { requireAccounts } from "../http/sign-in.server";
import { loadTeams, performTeamsAction } from "../teams/teams.server";
import { Badge } from "../ui/badge";
import { Button } from "../ui/button";
import { Field, Input } from "../ui/field";
import { Notice } from "../ui/notice";
import { Page, PageHeader } from "../ui/page";

export const loader = withLoaderErrors(async ({ request }) => {
  requireAccounts();
  return { ...(await loadTeams(await getActor(request))), key: newAttemptKey() };
});

export const action = withActionErrors(async ({ request }) => {
  requireAccounts();
  return performTeamsAction(await getActor(request), request);
});

export const meta: MetaFunction = () => [{ title: "Teams · Redline" }];

export default function Teams() {
  const { teams, currentId, key } = useLoaderData<typeof loader>();
  const error = getActionError(useActionData<typeof action>());
  return (
    <Page>
      <PageHeader title="Teams" about="Sessions belong to a team. Lists show those of the team that you work in." />
      {error && error.field !== "name" && <Notice tone="danger">{error.message}</Notice>}
      <ul aria-label="Your teams" className="mb-8 border-t border-rule">
        {teams.map(({ id, name, role, isPersonal, members }) => (
          <li key={id} className="flex flex-wrap items-center gap-x-4 gap-y-1 border-b border-rule py-2">
            <span className="min-w-0 flex-1 basis-48">
              <Link to={`/teams/${id}`} className="font-medium break-words hover:underline">
                {name}
              </Link>
            </span>
            <span className="text-13 text-quiet">
              {isPersonal ? "Personal" : `${role}, ${members} ${members === 1 ? "member" : "members"}`}
            </span>
            {id === currentId ? (
              <Badge>Current</Badge>
            ) : (
              <Form method="post">
                <input type="hidden" name="team" value={id} />
                <Button type="submit" size="small" name="intent" value="choose" aria-label={`Work in ${name}`}>
                  Work in this team
                </Button>
              </Form>
            )}
          </li>
        ))}
      </ul>
      <h2 className="mb-2 text-16 font-semibold">New team</h2>
      <Form method="post" className="flex max-w-96 flex-col items-start gap-3">
        <input type="hidden" name="key" value={key} />
        <Field label="Name" error={error?.field === "name" ? error.message : undefined} className="w-full">
          {(control) => <Input {...control} name="name" autoComplete="off" required />}
        </Field>
        <Button type="submit" name="intent" value="create">
          Create team
        </Button>
      </Form>
    </Page>
  );
}
