import type { Role } from "../access/schema";
import { membershipWrite } from "../accounts/internal";
import { AppError } from "../errors";
import { failedTransactionItems } from "../platform/dynamo-errors";
import { CONTENTION, retryUntilDefined } from "../platform/retry";
import { retryOnConflict, writeAll } from "../platform/transaction";
import type { Member, Team } from "./schema";
import { changeMemberWrites, readMember } from "./store";

/**
 * Changes a member's role, or removes them, in the team's items and in the user's own at once. Throws NOT_FOUND for
 * who is no member, and FORBIDDEN where no admin would be left.
 */
export async function changeMember(team: Team, userId: string, role: Role | undefined): Promise<Member> {
  const changed = await retryUntilDefined(() => tryToChange(team, userId, role), { ...CONTENTION, attempts: 8 });
  if (!changed) throw new AppError("DATABASE_ERROR", "Too many concurrent changes. Nothing was saved. Try again.");
  return changed;
}

/** Returns the member as they were; undefined where another change was first. */
async function tryToChange(team: Team, userId: string, role: Role | undefined): Promise<Member | undefined> {
  const member = await readMember(team.id, userId);
  if (!member) throw new AppError("NOT_FOUND", "That member was not found.");
  if (member.role === role) return member;
  const membership = membershipWrite({ userId, teamId: team.id }, role, member.role);
  try {
    await retryOnConflict(() => writeAll([...changeMemberWrites(team.id, member, role), membership]));
    return member;
  } catch (error) {
    const failed = failedTransactionItems(error)?.condition;
    if (failed === undefined) throw error;
    if (failed.length === 1 && failed[0] === 0) throw lastAdmin(team);
    return undefined;
  }
}

const lastAdmin = ({ name }: Team) =>
  new AppError("FORBIDDEN", `${name} has no other admin. Nothing was changed. Make somebody else an admin first.`);
