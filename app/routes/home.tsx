import { newAttemptKey, type Session } from "@redline/core/sessions/schema";
import { Link, useLoaderData } from "@remix-run/react";
import { ArrowRight, Plus } from "lucide-react";
import { getActor } from "../http/actor.server";
import { withLoaderErrors } from "../http/errors.server";
import { FindingsCell, isBeingReviewed } from "../sessions/findings-cell";
import { sessionsForHome } from "../sessions/lists.server";
import { NewSessionForm } from "../sessions/new-session-form";
import { useRefreshWhile } from "../sessions/use-refresh-while";
import { CurrentTeam } from "../teams/current-team";
import { currentTeam } from "../teams/current-team.server";
import { ButtonLink } from "../ui/button";
import { Page, PageHeader } from "../ui/page";
import { RelativeTime } from "../ui/relative-time";

export const loader = withLoaderErrors(async ({ request, context }) => {
  const key = newAttemptKey();
  context.freshIds = [key];
  const actor = await getActor(request);
  const [sessions, team] = await Promise.all([sessionsForHome(actor), currentTeam(actor)]);
  return { ...sessions, key, ...(team && { team }) };
});

export default function Home() {
  const { waiting, recent, notShown, key, team } = useLoaderData<typeof loader>();
  useRefreshWhile([...waiting, ...recent].some(isBeingReviewed));
  if (waiting.length + recent.length === 0) {
    return (
      <Page>
        <PageHeader
          title="Review code"
          about="Paste code or upload files. Suggested changes appear inline; accept or reject each one."
        />
        <CurrentTeam team={team} />
        <NewSessionForm formKey={key} teamId={team?.id} />
      </Page>
    );
  }
  return (
    <Page>
      <PageHeader title="Needs your attention">
        <ButtonLink variant="primary" to="/sessions/new">
          <Plus size={16} aria-hidden="true" /> New session
        </ButtonLink>
      </PageHeader>
      <CurrentTeam team={team} />
      {waiting.length === 0 ? (
        <p className="mb-8 text-quiet">
          {recent.some(isBeingReviewed)
            ? "Nothing yet. A review is in progress."
            : "You're all caught up. No open findings."}
        </p>
      ) : (
        <SessionList label="Sessions with open findings" sessions={waiting} />
      )}
      {recent.length > 0 && (
        <section className="mt-8">
          <h2 className="mb-1 text-16 font-semibold">Recent sessions</h2>
          <SessionList label="Recent sessions" sessions={recent} />
        </section>
      )}
      <p className="mt-4">
        <Link to="/sessions" className="link inline-flex items-center gap-1 text-13">
          All sessions{notShown > 0 && ` (${notShown} more with open findings)`}
          <ArrowRight size={14} aria-hidden="true" />
        </Link>
      </p>
    </Page>
  );
}

function SessionList({ label, sessions }: { label: string; sessions: Session[] }) {
  return (
    <ul aria-label={label} className="border-t border-rule">
      {sessions.map(({ id, name, lines, review, updatedAt }) => (
        <li key={id} className="relative flex flex-wrap items-center gap-x-4 border-b border-rule py-2 hover:bg-margin">
          <Link
            to={`/sessions/${id}`}
            prefetch="intent"
            className="min-w-0 flex-1 basis-40 truncate font-medium after:absolute after:inset-0"
          >
            {name}
          </Link>
          {lines !== undefined && (
            <span className="hidden text-13 text-quiet tabular-nums sm:inline">
              {lines.toLocaleString("en")} {lines === 1 ? "line" : "lines"}
            </span>
          )}
          <span className="text-13 sm:w-40">
            <FindingsCell review={review} />
          </span>
          <span className="text-right text-13 text-quiet sm:w-32">
            <RelativeTime at={updatedAt} />
          </span>
        </li>
      ))}
    </ul>
  );
}
