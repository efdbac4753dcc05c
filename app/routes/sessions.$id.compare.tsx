import type { MetaFunction } from "@remix-run/node";
import { useLoaderData, useSearchParams } from "@remix-run/react";
import { ComparedFiles } from "../compare/compared-files";
import { loadComparison } from "../compare/comparison.server";
import type { CompareView } from "../compare/rows";
import { VersionChoice, VersionFacts } from "../compare/version-choice";
import { getActor } from "../http/actor.server";
import { withLoaderErrors } from "../http/errors.server";
import { BackToReview } from "../sessions/session-links";
import { EmptyState } from "../ui/empty-state";
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
  const { session, head, view, path, from, to, files, shown } = useLoaderData<typeof loader>();
  const [query] = useSearchParams();
  const as = (next: CompareView) => {
    const changed = new URLSearchParams(query);
    changed.set("view", next);
    return `?${changed}`;
  };
  return (
    <Page isWide>
      <PageHeader title="Compare" about={<BackToReview {...session} />}>
        <VersionChoice head={head} from={from.number} to={to.number} view={view} />
      </PageHeader>
      <VersionFacts from={from} to={to} />
      <TabNav label="View">
        <TabLink to={as("unified")} isCurrent={view === "unified"}>
          Unified
        </TabLink>
        <TabLink to={as("split")} isCurrent={view === "split"}>
          Side by side
        </TabLink>
      </TabNav>
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
