import type { MetaFunction } from "@remix-run/node";
import { Form, Link, useActionData, useLoaderData } from "@remix-run/react";
import { getActionError } from "../http/action-error";
import { getActor } from "../http/actor.server";
import { readTextForm } from "../http/body.server";
import { withActionErrors, withLoaderErrors } from "../http/errors.server";
import { flash } from "../http/flash.server";
import { redirectWithin } from "../http/safe-redirect.server";
import { loadMerge, type MergeTarget, saveMerge } from "../review/merge.server";
import "../review/merge.css";
import { MergeFileForm } from "../review/merge-file-form";
import { Button, ButtonLink } from "../ui/button";
import { CodeText } from "../ui/code-text";
import { Notice } from "../ui/notice";
import { Page, PageHeader } from "../ui/page";
import { RelativeTime } from "../ui/relative-time";

const parseTarget = (request: Request): MergeTarget => {
  const query = new URL(request.url).searchParams;
  return { change: query.get("change") ?? undefined, draftId: query.get("draftId") ?? undefined };
};

export const loader = withLoaderErrors(async ({ request, params }) => {
  const actor = await getActor(request);
  const target = parseTarget(request);
  return { ...(await loadMerge(actor, params.id ?? "", target)), draftId: target.draftId };
});

export const action = withActionErrors(async ({ request, params }) => {
  const actor = await getActor(request);
  const target = parseTarget(request);
  const saved = await saveMerge(actor, params.id ?? "", target, await readTextForm(request));
  const session = `/sessions/${params.id}`;
  if (saved.outcome === "moved") {
    const message = "The code changed while you merged. Your result is kept; resolve the new conflicts below.";
    return redirectWithin(request, `${session}/merge?draftId=${encodeURIComponent(saved.draftId)}`, {
      headers: await flash({ message }),
    });
  }
  const headers = await flash({ message: `Merged. v${saved.version}.` });
  const merged = target.draftId ? `?merged=${encodeURIComponent(target.draftId)}` : "";
  return redirectWithin(request, `${session}${merged}`, { headers });
});

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: data && "session" in data ? `Merge ${data.session.name} · Redline` : "Merge · Redline" },
];

/** The merge page: theirs, the result and mine for each conflict. Nothing is stored until it is saved. */
export default function Merge() {
  const { session, base, head, headVersion, files, merged, repeated, changeId, draftId } =
    useLoaderData<typeof loader>();
  const error = getActionError(useActionData<typeof action>());
  const back = `/sessions/${session.id}`;
  return (
    <Page isWide>
      <PageHeader title="Merge" about={<Link to={back}>{session.name}</Link>}>
        <ButtonLink to={back}>Later</ButtonLink>
      </PageHeader>
      {error && <Notice tone="danger">{error.message}</Notice>}
      {session.isTrashed && <Notice tone="warn">This session is in the trash. Restore it to save.</Notice>}
      <p className="merge-about">
        Your version is based on v{base}. v{head} is by {headVersion.authorName},{" "}
        <RelativeTime at={headVersion.createdAt} />: &quot;
        <CodeText text={headVersion.message} />
        &quot;. Both are kept
        {draftId ? "; yours stays a draft until you save" : ""}.
      </p>
      <Form method="post" key={`${head} ${changeId}`} replace>
        <input type="hidden" name="head" value={head} />
        <input type="hidden" name="changeId" value={changeId} />
        <input type="hidden" name="files" value={JSON.stringify(files)} />
        <input type="hidden" name="merged" value={JSON.stringify(merged)} />
        {files.map((file, index) => (
          <MergeFileForm
            key={file.path}
            {...{ file, index }}
            theirs={`Theirs: v${head}, saved by ${headVersion.authorName}`}
            mine={`Mine: ${draftId ? "your draft" : "your change"}, based on v${base}`}
          />
        ))}
        {merged.length > 0 && (
          <p className="merge-about">Merged automatically: {merged.map((file) => file.path).join(", ")}.</p>
        )}
        {repeated.map((sentence) => (
          <p key={sentence} className="merge-about">
            <CodeText text={`${sentence}.`} />
          </p>
        ))}
        {files.length === 0 && merged.length === 0 && (
          <p className="merge-about">v{head} already includes these changes. Nothing to merge.</p>
        )}
        {files.length + merged.length > 0 && (
          <div className="merge-save">
            <Button type="submit" variant="primary">
              Save version
            </Button>
            {files.length > 0 && (
              <>
                <Button type="submit" name="all" value="theirs" formNoValidate>
                  Take theirs everywhere
                </Button>
                <Button type="submit" name="all" value="mine" formNoValidate>
                  Keep mine everywhere
                </Button>
              </>
            )}
          </div>
        )}
      </Form>
    </Page>
  );
}
