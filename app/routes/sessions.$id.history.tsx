import type { MetaFunction } from "@remix-run/node";
import { Form, useActionData, useLoaderData } from "@remix-run/react";
import { VerdictList } from "../difference/verdict-form";
import { getActionError } from "../http/action-error";
import { getActor } from "../http/actor.server";
import { withActionErrors, withLoaderErrors } from "../http/errors.server";
import { loadHistory, performVersionAction } from "../sessions/history.server";
import { BackToReview } from "../sessions/session-links";
import { VersionList } from "../sessions/version-list";
import { Button, ButtonLink } from "../ui/button";
import { Notice } from "../ui/notice";
import { Page, PageHeader } from "../ui/page";

export const loader = withLoaderErrors(async ({ request, params }) => {
  const cursor = new URL(request.url).searchParams.get("cursor") ?? undefined;
  return loadHistory(await getActor(request), { id: params.id ?? "", cursor });
});

export const action = withActionErrors(async ({ request, params }) =>
  performVersionAction(await getActor(request), params.id ?? "", request),
);

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: data && "session" in data ? `History of ${data.session.name} · Redline` : "History · Redline" },
];

export default function History() {
  const { session, head, versions, nextCursor, isFirst, isReadOnly, verdicts } = useLoaderData<typeof loader>();
  const error = getActionError(useActionData<typeof action>());
  return (
    <Page>
      <PageHeader title="History" about={<BackToReview {...session} />}>
        <Button type="submit" form="compare" disabled={head === 1}>
          Compare selected
        </Button>
      </PageHeader>
      {error && (
        <div className="mb-4">
          <Notice tone="danger">{error.message}</Notice>
        </div>
      )}
      <Form id="compare" method="get" action={`/sessions/${session.id}/compare`} />
      {verdicts.length > 0 && <VerdictList verdicts={verdicts} />}
      <VersionList {...{ versions, head, isReadOnly }} />
      {(nextCursor || !isFirst) && (
        <nav aria-label="Pages" className="mt-4 flex gap-2">
          {!isFirst && <ButtonLink to="?">Newest</ButtonLink>}
          {nextCursor && <ButtonLink to={`?cursor=${encodeURIComponent(nextCursor)}`}>Older</ButtonLink>}
        </nav>
      )}
    </Page>
  );
}
