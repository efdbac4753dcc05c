import { AppError } from "@redline/core/errors";
import { newAttemptKey } from "@redline/core/sessions/schema";
import type { ActionFunctionArgs, MetaFunction } from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { getActor } from "../http/actor.server";
import { withLoaderErrors } from "../http/errors.server";
import { flash, MESSAGE_CHARS } from "../http/flash.server";
import { redirectWithin } from "../http/safe-redirect.server";
import { createFromForm, readNewSessionForm, withSubmittedValues } from "../sessions/new-session.server";
import { NewSessionForm } from "../sessions/new-session-form";
import { CurrentTeam } from "../teams/current-team";
import { currentTeam } from "../teams/current-team.server";
import { Page, PageHeader } from "../ui/page";

export const loader = withLoaderErrors(async ({ request }) => {
  const team = await currentTeam(await getActor(request));
  return { key: newAttemptKey(), ...(team && { team }) };
});

/** Creates a session and redirects to its review. Errors are returned with the submitted values. */
export async function action({ request, context }: ActionFunctionArgs) {
  let form: FormData | undefined;
  try {
    form = await readNewSessionForm(request);
    const { session, skipped } = await createFromForm(await getActor(request), form);
    const headers = skipped.length > 0 ? await flash({ message: skippedMessage(skipped) }) : undefined;
    return redirectWithin(request, `/sessions/${session.id}`, { headers });
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return withSubmittedValues(error, form, context.requestId);
  }
}

const NAMED = 5;
const SHOWN_CHARS = 60;

/** Lists skipped files by reason, each with its first files. */
function skippedMessage(skipped: { path: string; reason: string }[]): string {
  const byReason = new Map<string, string[]>();
  for (const { path, reason } of skipped) {
    const short = path.length > SHOWN_CHARS ? `…${path.slice(-SHOWN_CHARS)}` : path;
    byReason.set(reason, [...(byReason.get(reason) ?? []), short]);
  }
  const parts = [...byReason].map(([reason, paths]) => {
    const rest = paths.length - NAMED;
    return `${paths.slice(0, NAMED).join(", ")}${rest > 0 ? ` and ${rest} more` : ""} (${reason})`;
  });
  return `Skipped: ${parts.join("; ")}.`.slice(0, MESSAGE_CHARS);
}

export const meta: MetaFunction = () => [{ title: "New session · Redline" }];

export default function NewSession() {
  const { key, team } = useLoaderData<typeof loader>();
  return (
    <Page>
      <PageHeader title="New session" about="Paste code or upload files. Results in seconds." />
      <CurrentTeam team={team} />
      <NewSessionForm formKey={key} teamId={team?.id} sent={useActionData<typeof action>()} />
    </Page>
  );
}
