import { ROLES } from "@redline/core/access/schema";
import type { Member } from "@redline/core/teams/schema";
import { Form } from "@remix-run/react";
import { Badge } from "../ui/badge";
import { Button } from "../ui/button";
import { Select } from "../ui/field";

type MemberListProps = { members: Member[]; canManage: boolean; ownId: string };

/** A team's members with their roles, which an admin changes. */
export function MemberList({ members, canManage, ownId }: MemberListProps) {
  return (
    <ul aria-label="Members" className="border-t border-rule">
      {members.map((member) => (
        <li key={member.userId} className="flex flex-wrap items-center gap-x-4 gap-y-1 border-b border-rule py-2">
          <span className="min-w-0 flex-1 basis-48 break-words">
            <span className="font-medium">{member.name}</span>{" "}
            <span className="text-13 text-quiet">@{member.username}</span>{" "}
            {member.userId === ownId && <Badge>You</Badge>}
          </span>
          {canManage ? (
            <MemberForms {...member} isOwn={member.userId === ownId} />
          ) : (
            <span className="text-13">{member.role}</span>
          )}
        </li>
      ))}
    </ul>
  );
}

/** Forms to change a member's role and to remove them; members leave by the team's own form. */
function MemberForms({ userId, name, role, isOwn }: Member & { isOwn: boolean }) {
  return (
    <span className="flex flex-wrap items-center gap-2">
      <Form method="post" preventScrollReset className="flex items-center gap-2">
        <input type="hidden" name="user" value={userId} />
        <RoleSelect key={role} chosen={role} label={`Role of ${name}`} />
        <Button type="submit" name="intent" value="role" aria-label={`Change the role of ${name}`}>
          Change
        </Button>
      </Form>
      {!isOwn && (
        <Form method="post" preventScrollReset>
          <input type="hidden" name="user" value={userId} />
          <Button type="submit" variant="removed" name="intent" value="remove" aria-label={`Remove ${name}`}>
            Remove
          </Button>
        </Form>
      )}
    </span>
  );
}

export function RoleSelect({ chosen, label, ...control }: { chosen: string; label?: string; id?: string }) {
  return (
    <Select {...control} name="role" aria-label={label} defaultValue={chosen} className="w-auto!">
      {ROLES.map((each) => (
        <option key={each} value={each}>
          {each}
        </option>
      ))}
    </Select>
  );
}
