import type { MetaFunction } from "@remix-run/node";
import { Link, useActionData, useLoaderData } from "@remix-run/react";
import { getActionError } from "../http/action-error";
import { getActor } from "../http/actor.server";
import { readTextForm } from "../http/body.server";
import { withActionErrors, withLoaderErrors } from "../http/errors.server";
import { redirectWithin } from "../http/safe-redirect.server";
import { Estimate } from "../model-review/estimate";
import { loadRequestPage, type RequestPage, startModelReview } from "../model-review/load.server";
import { ScopeForm } from "../model-review/scope-form";
import { BackToReview } from "../sessions/session-links";
import { Notice } from "../ui/notice";
import { Page, PageHeader } from "../ui/page";

export const loader = withLoaderErrors(async ({ request, params }) =>
  loadRequestPage(await getActor(request), params.id ?? "", new URL(request.url).searchParams),
);

export const action = withActionErrors(async ({ request, params }) => {
  const actor = await getActor(request);
  const id = params.id ?? "";
  const form = await readTextForm(request);
  await startModelReview(actor, id, form);
  const file = form.get("file")?.toString();
  return redirectWithin(request, `/sessions/${id}${file ? `?file=${encodeURIComponent(file)}` : ""}`);
});

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: data && "session" in data ? `Review ${data.session.name} with a model · Redline` : "Review · Redline" },
];

export default function ModelReviewRequest() {
  const page = useLoaderData<typeof loader>();
  const error = getActionError(useActionData<typeof action>());
  return (
    <Page>
      <PageHeader title="Review with a model" about={<BackToReview {...page.session} />} />
      {error && !page.session.isTrashed && <Notice tone="danger">{error.message}</Notice>}
      <ModelReviewForm page={page} />
    </Page>
  );
}

function ModelReviewForm({ page }: { page: RequestPage }) {
  const { session, estimate, problem } = page;
  if (session.isTrashed) {
    return (
      <Notice tone="warn">This session is in the trash and read-only. Restore it to review it with a model.</Notice>
    );
  }
  if (problem?.isModelMissing) {
    return (
      <Notice>
        {problem.message}{" "}
        <Link className="link" to="/settings/model">
          Settings → Model
        </Link>
      </Notice>
    );
  }
  return (
    <>
      <p className="mb-4 max-w-2xl text-13 text-quiet">
        The built-in review runs first, and the model gets its findings. Each file is reviewed separately. You can leave
        this page, or cancel at any time; findings so far are kept.
      </p>
      <ScopeForm page={page} />
      {problem && (
        <div className="mt-4">
          <Notice tone="warn">{problem.message}</Notice>
        </div>
      )}
      {estimate && <Estimate page={{ ...page, estimate }} />}
    </>
  );
}
