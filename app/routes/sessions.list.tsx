import type { MetaFunction } from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { Plus, Trash2 } from "lucide-react";
import { getActionError } from "../http/action-error";
import { getActor } from "../http/actor.server";
import { withActionErrors, withLoaderErrors } from "../http/errors.server";
import { findSessions, performSessionAction } from "../sessions/lists.server";
import { SessionFilters } from "../sessions/session-filters";
import { NoMatch, NoSessions } from "../sessions/session-list-empty";
import { SessionPages } from "../sessions/session-pages";
import { SessionTable } from "../sessions/session-table";
import { CurrentTeam } from "../teams/current-team";
import { currentTeam } from "../teams/current-team.server";
import { ButtonLink } from "../ui/button";
import { Notice } from "../ui/notice";
import { Page, PageHeader } from "../ui/page";

export const loader = withLoaderErrors(async ({ request }) => {
  const actor = await getActor(request);
  const query = new URL(request.url).searchParams;
  const [found, team] = await Promise.all([findSessions(actor, query), currentTeam(actor)]);
  return { ...found, ...(team && { team }) };
});

export const action = withActionErrors(async ({ request }) => performSessionAction(await getActor(request), request));

export const meta: MetaFunction = () => [{ title: "Sessions · Redline" }];

export default function Sessions() {
  const { sessions, nextCursor, filter, isFirst, problem, team } = useLoaderData<typeof loader>();
  const error = getActionError(useActionData<typeof action>());
  const isFiltered = Object.values(filter).some((value) => value !== "");
  const isEmpty = sessions.length === 0 && !isFiltered && isFirst;
  return (
    <Page>
      <PageHeader title="Sessions">
        <ButtonLink variant="quiet" to="/trash">
          <Trash2 size={16} aria-hidden="true" /> Trash
        </ButtonLink>
        {!isEmpty && (
          <ButtonLink variant="primary" to="/sessions/new">
            <Plus size={16} aria-hidden="true" /> New session
          </ButtonLink>
        )}
      </PageHeader>
      <CurrentTeam team={team} />
      {error && error.field !== "name" && <Notice tone="danger">{error.message}</Notice>}
      {isEmpty ? (
        <NoSessions />
      ) : (
        <>
          <SessionFilters filter={filter} problem={problem} />
          {sessions.length === 0 ? (
            <NoMatch />
          ) : (
            <SessionTable sessions={sessions} renameError={error?.field === "name" ? error.message : undefined} />
          )}
          <SessionPages nextCursor={nextCursor} isFirst={isFirst} />
        </>
      )}
    </Page>
  );
}
