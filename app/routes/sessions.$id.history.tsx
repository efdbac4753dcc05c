import { newChangeId } from "@redline/core/changes/schema";
import { getCodebase, listVersions } from "@redline/core/codebases/index";
import { getSession } from "@redline/core/sessions/index";
import type { MetaFunction } from "@remix-run/node";
import { Form, useActionData, useLoaderData } from "@remix-run/react";
import { getActor } from "../http/actor.server";
import { acting, loading } from "../http/errors.server";
import { returnedError } from "../http/returned-error";
import { actOnVersion } from "../sessions/act-on-version.server";
import { BackToReview } from "../sessions/session-links";
import { VersionList } from "../sessions/version-list";
import { Button, ButtonLink } from "../ui/button";
import { Notice } from "../ui/notice";
import { Page, PageHeader } from "../ui/page";

export const loader = loading(async ({ request, params }) => {
  const actor = await getActor(request);
  const cursor = new URL(request.url).searchParams.get("cursor") ?? undefined;
  const { id, name, codebaseId } = await getSession(actor, { id: params.id ?? "" });
  const [codebase, { versions, nextCursor }] = await Promise.all([
    getCodebase(actor, { id: codebaseId }),
    listVersions(actor, { codebaseId, cursor }),
  ]);
  // Each row's forms name their act, so that sending one twice has one effect.
  const rows = versions.map((version) => ({ ...version, undoId: newChangeId(), restoreId: newChangeId() }));
  return { session: { id, name }, head: codebase.number, versions: rows, nextCursor, isFirst: !cursor };
});

export const action = acting(async ({ request, params }) => {
  const actor = await getActor(request);
  const session = await getSession(actor, { id: params.id ?? "" });
  return actOnVersion(actor, session, await request.formData());
});

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: data && "session" in data ? `History of ${data.session.name} · Redline` : "History · Redline" },
];

export default function History() {
  const { session, head, versions, nextCursor, isFirst } = useLoaderData<typeof loader>();
  const error = returnedError(useActionData<typeof action>());
  return (
    <Page>
      <PageHeader title="History" about={<BackToReview {...session} />}>
        <Button type="submit" form="compare" disabled={head === 1}>
          Compare the chosen two
        </Button>
      </PageHeader>
      {error && (
        <div className="mb-4">
          <Notice tone="danger">{error.message}</Notice>
        </div>
      )}
      <Form id="compare" method="get" action={`/sessions/${session.id}/compare`} />
      <VersionList versions={versions} head={head} />
      {(nextCursor || !isFirst) && (
        <nav aria-label="Pages" className="mt-4 flex gap-2">
          {!isFirst && <ButtonLink to="?">Newest</ButtonLink>}
          {nextCursor && <ButtonLink to={`?cursor=${encodeURIComponent(nextCursor)}`}>Older</ButtonLink>}
        </nav>
      )}
    </Page>
  );
}
