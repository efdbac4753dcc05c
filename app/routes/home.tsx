import { listSessions } from "@redline/core/sessions/index";
import type { Session } from "@redline/core/sessions/schema";
import { Link, useLoaderData } from "@remix-run/react";
import { ArrowRight, Plus } from "lucide-react";
import { ulid } from "ulid";
import { getActor } from "../http/actor.server";
import { loading } from "../http/errors.server";
import { FindingsCell, isBeingReviewed, openFindings } from "../sessions/findings-cell";
import { NewSessionForm } from "../sessions/new-session-form";
import { useRefreshWhile } from "../sessions/use-refresh-while";
import { ButtonLink } from "../ui/button";
import { Page, PageHeader } from "../ui/page";
import { RelativeTime } from "../ui/relative-time";

const SHOWN = 8;

export const loader = loading(async ({ request }) => {
  const { sessions } = await listSessions(await getActor(request), { trashed: false });
  const waiting = sessions.filter(({ review }) => review?.status === "failed" || openFindings(review) > 0);
  const recent = sessions.filter((session) => !waiting.includes(session));
  return {
    waiting: waiting.slice(0, SHOWN),
    recent: recent.slice(0, SHOWN),
    waitingInAll: waiting.length,
    key: ulid(),
  };
});

export default function Home() {
  const { waiting, recent, waitingInAll, key } = useLoaderData<typeof loader>();
  useRefreshWhile([...waiting, ...recent].some(isBeingReviewed));
  if (waiting.length + recent.length === 0) {
    return (
      <Page>
        <PageHeader
          title="Review code"
          about="Paste code or choose files. Every proposal stands in the code itself, as a redline to accept or reject."
        />
        <NewSessionForm formKey={key} />
      </Page>
    );
  }
  return (
    <Page>
      <PageHeader title="What needs you now">
        <ButtonLink look="primary" to="/sessions/new">
          <Plus size={16} aria-hidden="true" /> New session
        </ButtonLink>
      </PageHeader>
      {waiting.length === 0 ? (
        <p className="mb-8 text-quiet">
          {recent.some(isBeingReviewed)
            ? "Nothing yet: a review is on its way."
            : "Nothing: every finding is answered."}
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
          All sessions{waitingInAll > SHOWN && ` (${waitingInAll} with open findings)`}
          <ArrowRight size={14} aria-hidden="true" />
        </Link>
      </p>
    </Page>
  );
}

function SessionList({ label, sessions }: { label: string; sessions: Session[] }) {
  return (
    <ul aria-label={label} className="border-t border-rule">
      {sessions.map(({ id, name, review, updatedAt }) => (
        <li key={id} className="relative flex flex-wrap items-center gap-x-4 border-b border-rule py-2 hover:bg-margin">
          <Link
            to={`/sessions/${id}`}
            prefetch="intent"
            className="min-w-0 flex-1 basis-40 truncate font-medium after:absolute after:inset-0"
          >
            {name}
          </Link>
          <span className="text-13">
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
