import { AppError } from "@redline/core/errors";
import { listSessions, renameSession, trashSession } from "@redline/core/sessions/index";
import { listSessionsSchema } from "@redline/core/sessions/schema";
import { type MetaFunction, redirect } from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { Plus, Trash2 } from "lucide-react";
import * as v from "valibot";
import { getActor } from "../http/actor.server";
import { acting, loading } from "../http/errors.server";
import { flash } from "../http/flash.server";
import { ownPath } from "../http/own-path.server";
import { returnedError } from "../http/returned-error";
import { SessionFilters } from "../sessions/session-filters";
import { NoMatch, NoSessions } from "../sessions/session-list-empty";
import { SessionPages } from "../sessions/session-pages";
import { SessionTable } from "../sessions/session-table";
import { ButtonLink } from "../ui/button";
import { Notice } from "../ui/notice";
import { Page, PageHeader } from "../ui/page";

const FILTERS = ["search", "language", "from", "to", "cursor"] as const;

export const loader = loading(async ({ request }) => {
  const query = new URL(request.url).searchParams;
  const given: Partial<Record<(typeof FILTERS)[number], string>> = {};
  for (const name of FILTERS) given[name] = query.get(name) || undefined;
  // A date that is none, in an old link for instance, is left out and said beside its field.
  const parsed = v.safeParse(listSessionsSchema, given);
  const problem = parsed.success ? undefined : parsed.issues[0].message;
  const page = await listSessions(await getActor(request), parsed.success ? parsed.output : { trashed: false });
  const { search = "", language = "", from = "", to = "", cursor } = given;
  return { ...page, filter: { search, language, from, to }, isFirst: !cursor, problem };
});

export const action = acting(async ({ request }) => {
  const form = await request.formData();
  const actor = await getActor(request);
  const id = String(form.get("id") ?? "");
  const returnTo = ownPath(request, form.get("returnTo"), "/sessions");
  switch (form.get("intent")) {
    case "rename": {
      const { name } = await renameSession(actor, { id, name: String(form.get("name") ?? "") });
      return redirect(returnTo, { headers: await flash({ message: `Renamed to ${name}.` }) });
    }
    case "trash": {
      const { name } = await trashSession(actor, { id });
      return redirect(returnTo, { headers: await flash({ message: `Moved ${name} to the trash.`, trashed: id }) });
    }
    default:
      throw new AppError("INVALID_INPUT", "That is nothing this page can do.", { field: "intent" });
  }
});

export const meta: MetaFunction = () => [{ title: "Sessions · Redline" }];

export default function Sessions() {
  const { sessions, nextCursor, filter, isFirst, problem } = useLoaderData<typeof loader>();
  const error = returnedError(useActionData<typeof action>());
  const isFiltered = Object.values(filter).some((value) => value !== "");
  const isEmpty = sessions.length === 0 && !isFiltered && isFirst;
  return (
    <Page>
      <PageHeader title="Sessions">
        <ButtonLink look="quiet" to="/trash">
          <Trash2 size={16} aria-hidden="true" /> Trash
        </ButtonLink>
        {!isEmpty && (
          <ButtonLink look="primary" to="/sessions/new">
            <Plus size={16} aria-hidden="true" /> New session
          </ButtonLink>
        )}
      </PageHeader>
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
