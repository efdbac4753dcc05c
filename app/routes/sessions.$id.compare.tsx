import type { MetaFunction } from "@remix-run/node";
import { useLoaderData, useSearchParams } from "@remix-run/react";
import { ChangeSteps } from "../compare/change-steps";
import { ComparedFiles } from "../compare/compared-files";
import { loadComparison } from "../compare/comparison.server";
import type { CompareView } from "../compare/rows";
import { SinceChoice } from "../compare/since-choice";
import { VersionChoice, VersionFacts } from "../compare/version-choice";
import { getActor } from "../http/actor.server";
import { withLoaderErrors } from "../http/errors.server";
import { BackToReview } from "../sessions/session-links";
import { EmptyState } from "../ui/empty-state";
import { Notice } from "../ui/notice";
import { Page, PageHeader } from "../ui/page";
import { TabLink, TabNav } from "../ui/tab-nav";

export const loader = withLoaderErrors(async ({ request, params }) =>
  loadComparison(await getActor(request), params.id ?? "", new URL(request.url).searchParams),
);

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  {
    title:
      data && "session" in data
        ? `v${data.from.number} to v${data.to.number} of ${data.session.name} · Redline`
        : "Compare · Redline",
  },
];

export default function Compare() {
  const { session, versions, heads, view, path, from, to, files, shown, isSince } = useLoaderData<typeof loader>();
  const [query] = useSearchParams();
  const as = (next: CompareView) => {
    const changed = new URLSearchParams(query);
    changed.set("view", next);
    return `?${changed}`;
  };
  return (
    <Page isWide>
      <PageHeader title="Compare" about={<BackToReview {...session} />}>
        {heads.length > 0 && <SinceChoice heads={heads} since={isSince ? from.number : undefined} view={view} />}
        <VersionChoice versions={versions} from={from.number} to={to.number} view={view} />
      </PageHeader>
      {isSince && (
        <div className="mb-4">
          <Notice tone="plain">What changed since v{from.number}, without what the base changed.</Notice>
        </div>
      )}
      <VersionFacts from={from} to={to} />
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
        <TabNav label="View">
          <TabLink to={as("unified")} isCurrent={view === "unified"}>
            Unified
          </TabLink>
          <TabLink to={as("split")} isCurrent={view === "split"}>
            Side by side
          </TabLink>
        </TabNav>
        {files.length > 0 && <ChangeSteps />}
      </div>
      {view === "split" && (
        <p className="on-phone pt-2 text-13 text-quiet">Side by side needs a wider window. Showing the unified view.</p>
      )}
      {path !== undefined && files.every((file) => file.path !== path) && (
        <Notice tone="warn">
          <code className="break-all">{path}</code> has no changes between these versions.
        </Notice>
      )}
      {files.length === 0 ? (
        <EmptyState title="No differences">
          Version {from.number} and version {to.number} have the same content.
        </EmptyState>
      ) : (
        <ComparedFiles files={files} shown={shown} view={view} path={path} />
      )}
    </Page>
  );
}
