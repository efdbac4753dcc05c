import { getCodebase } from "@redline/core/codebases/index";
import { AppError } from "@redline/core/errors";
import { getSession } from "@redline/core/sessions/index";
import type { MetaFunction } from "@remix-run/node";
import { useLoaderData, useSearchParams } from "@remix-run/react";
import type { CompareView } from "../compare/code-rows";
import { ComparedFiles } from "../compare/compared-files";
import { compare } from "../compare/comparison.server";
import { VersionChoice, VersionFacts } from "../compare/version-choice";
import { getActor } from "../http/actor.server";
import { loading } from "../http/errors.server";
import { BackToReview } from "../sessions/session-links";
import { EmptyState } from "../ui/empty-state";
import { Page, PageHeader } from "../ui/page";
import { ViewLink, ViewLinks } from "../ui/tabs";

export const loader = loading(async ({ request, params }) => {
  const actor = await getActor(request);
  const query = new URL(request.url).searchParams;
  const { id, name, teamId, codebaseId } = await getSession(actor, { id: params.id ?? "" });
  const { number: head } = await getCodebase(actor, { id: codebaseId });
  const to = versionOf(query.get("to"), head);
  const from = versionOf(query.get("from"), Math.max(to - 1, 1));
  const path = query.get("file") ?? undefined;
  const comparison = await compare(actor, { teamId, codebaseId, from, to, path });
  const view: CompareView = query.get("view") === "split" ? "split" : "unified";
  return { session: { id, name }, head, view, path, ...comparison };
});

function versionOf(given: string | null, otherwise: number): number {
  if (!given) return otherwise;
  if (!/^[1-9]\d{0,8}$/.test(given)) throw new AppError("INVALID_INPUT", "Name a version by its number, such as 3.");
  return Number(given);
}

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
      <ViewLinks label="View">
        <ViewLink to={as("unified")} isCurrent={view === "unified"}>
          Unified
        </ViewLink>
        <ViewLink to={as("split")} isCurrent={view === "split"}>
          Side by side
        </ViewLink>
      </ViewLinks>
      {files.length === 0 ? (
        <EmptyState title="The same content">
          Version {from.number} and version {to.number} hold the same files.
        </EmptyState>
      ) : (
        <ComparedFiles files={files} shown={shown} view={view} path={path} />
      )}
    </Page>
  );
}
