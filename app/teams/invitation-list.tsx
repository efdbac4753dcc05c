import type { ErrorShape } from "@redline/core/errors";
import type { Invitation } from "@redline/core/teams/schema";
import { Form } from "@remix-run/react";
import { Button } from "../ui/button";
import { Field, Input } from "../ui/field";
import { RelativeTime } from "../ui/relative-time";
import { RoleSelect } from "./member-list";

type InvitationListProps = { invitations: Invitation[]; error?: ErrorShape["error"] };

/** Invites people by mail, and lists the invitations that are still open. */
export function InvitationList({ invitations, error }: InvitationListProps) {
  return (
    <section aria-labelledby="invitations" className="mt-8">
      <h2 id="invitations" className="mb-2 text-16 font-semibold">
        Invite people
      </h2>
      <Form method="post" preventScrollReset className="mb-4 flex flex-wrap items-start gap-3">
        <Field label="E-mail address" error={error?.message} className="min-w-0 flex-1 basis-56 sm:max-w-80">
          {(control) => (
            <Input {...control} key={invitations.length} type="email" name="email" autoComplete="off" required />
          )}
        </Field>
        <Field label="Role">{(control) => <RoleSelect {...control} chosen="developer" />}</Field>
        <Button type="submit" name="intent" value="invite" className="sm:mt-[22px]">
          Invite
        </Button>
      </Form>
      {invitations.length > 0 && (
        <ul aria-label="Open invitations" className="border-t border-rule">
          {invitations.map(({ id, email, role, invitedBy, expiresAt }) => (
            <li key={id} className="flex flex-wrap items-center gap-x-4 gap-y-1 border-b border-rule py-2">
              <span className="min-w-0 flex-1 basis-48 break-words">{email}</span>
              <span className="text-13 text-quiet">
                {role}, by {invitedBy}, expires <RelativeTime at={expiresAt} />
              </span>
              <Form method="post" preventScrollReset>
                <input type="hidden" name="id" value={id} />
                <Button type="submit" size="small" name="intent" value="revoke" aria-label={`Revoke ${email}`}>
                  Revoke
                </Button>
              </Form>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
