import { LIMITS } from "@redline/core/limits";
import type { Session } from "@redline/core/sessions/schema";
import type { MetaFunction } from "@remix-run/node";
import { Form, Link, useActionData, useLoaderData } from "@remix-run/react";
import { getActionError } from "../http/action-error";
import { getActor } from "../http/actor.server";
import { withActionErrors, withLoaderErrors } from "../http/errors.server";
import { findTrashed, performSessionAction } from "../sessions/lists.server";
import { SessionPages } from "../sessions/session-pages";
import { Button, ButtonLink } from "../ui/button";
import { EmptyState } from "../ui/empty-state";
import { Notice } from "../ui/notice";
import { Page, PageHeader } from "../ui/page";
import { RelativeTime } from "../ui/relative-time";
import { Cell, HeadCell, Table } from "../ui/table";

export const loader = withLoaderErrors(async ({ request }) =>
  findTrashed(await getActor(request), new URL(request.url).searchParams),
);

export const action = withActionErrors(async ({ request }) => performSessionAction(await getActor(request), request));

export const meta: MetaFunction = () => [{ title: "Trash · Redline" }];

export default function Trash() {
  const { sessions, nextCursor, isFirst } = useLoaderData<typeof loader>();
  const error = getActionError(useActionData<typeof action>());
  const days = LIMITS.session.trashDays;
  return (
    <Page>
      <PageHeader
        title="Trash"
        about={`Deleted sessions stay here for ${days} days, then they're permanently deleted with their code and findings.`}
      />
      {error && <Notice tone="danger">{error.message}</Notice>}
      {sessions.length === 0 ? (
        <EmptyState title="Trash is empty" action={<ButtonLink to="/sessions">View sessions</ButtonLink>}>
          Deleted sessions are kept for {days} days and can be restored.
        </EmptyState>
      ) : (
        <TrashTable sessions={sessions} />
      )}
      <SessionPages nextCursor={nextCursor} isFirst={isFirst} />
    </Page>
  );
}

function TrashTable({ sessions }: { sessions: Session[] }) {
  return (
    <Table caption="Deleted sessions">
      <thead>
        <tr>
          <HeadCell>Name</HeadCell>
          <HeadCell className="hidden sm:table-cell">Deleted</HeadCell>
          <HeadCell>Permanently deleted</HeadCell>
          <HeadCell className="w-24">
            <span className="sr-only">Actions</span>
          </HeadCell>
        </tr>
      </thead>
      <tbody>
        {sessions.map(({ id, name, trashedAt }) => (
          <tr key={id}>
            <Cell className="w-1/2 max-w-0 truncate font-medium">
              <Link to={`/sessions/${id}`}>{name}</Link>
            </Cell>
            <Cell className="hidden text-quiet sm:table-cell">{trashedAt && <RelativeTime at={trashedAt} />}</Cell>
            <Cell className="text-quiet">{trashedAt && <RelativeTime at={purgedAt(trashedAt)} />}</Cell>
            <Cell className="text-right">
              <Form method="post" action="/trash" preventScrollReset>
                <input type="hidden" name="id" value={id} />
                <Button type="submit" name="intent" value="restore" aria-label={`Restore ${name}`}>
                  Restore
                </Button>
              </Form>
            </Cell>
          </tr>
        ))}
      </tbody>
    </Table>
  );
}

const DAY_MS = 24 * 60 * 60 * 1_000;

function purgedAt(trashedAt: string): string {
  return new Date(Date.parse(trashedAt) + LIMITS.session.trashDays * DAY_MS).toISOString();
}
