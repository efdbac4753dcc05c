import type { MetaFunction } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { getActor } from "../http/actor.server";
import { withLoaderErrors } from "../http/errors.server";
import { requireAccounts } from "../http/sign-in.server";
import { loadSentMail } from "../mail/mail.server";
import { Page, PageHeader } from "../ui/page";
import { RelativeTime } from "../ui/relative-time";

export const loader = withLoaderErrors(async ({ request }) => {
  requireAccounts();
  return loadSentMail(await getActor(request));
});

export const meta: MetaFunction = () => [{ title: "Mail · Redline" }];

export default function DevMail() {
  const { mails } = useLoaderData<typeof loader>();
  return (
    <Page>
      <PageHeader
        title="Mail"
        about="What this laptop would have sent, newest first. It is in the data folder, in mail/."
      />
      {mails.length === 0 && <p className="text-quiet">Nothing was sent yet.</p>}
      {mails.map(({ id, to, subject, sentAt, text }) => (
        <article key={id} aria-label={subject} className="border-t border-rule py-4">
          <h2 className="font-medium">{subject}</h2>
          <p className="mb-2 text-13 text-quiet">
            To {to}, <RelativeTime at={sentAt} />
          </p>
          <p className="text-13 break-words whitespace-pre-wrap">
            {text.split(/(https?:\/\/\S+)/).map((part) =>
              /^https?:/.test(part) ? (
                <a key={part} href={part} className="link">
                  {part}
                </a>
              ) : (
                part
              ),
            )}
          </p>
        </article>
      ))}
    </Page>
  );
}
