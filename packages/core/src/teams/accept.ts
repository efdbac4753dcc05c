import { membershipWrite, requireConfirmedUser } from "../accounts/internal";
import { AppError } from "../errors";
import { LIMITS } from "../limits";
import { nowIso } from "../platform/clock";
import { failedTransactionItems } from "../platform/dynamo-errors";
import { linkExpired } from "../platform/one-time-tokens";
import { retryOnConflict, writeAll } from "../platform/transaction";
import { findInvitation, type OpenInvitation } from "./internal";
import { acceptWrite } from "./invitation-store";
import { addMemberWrites } from "./store";

/** Adds a user to the team of an invitation: its use, the member and the user's own role are one write. */
export async function acceptInvitationByToken(userId: string, token: string): Promise<OpenInvitation> {
  const [invitation, user] = await Promise.all([findInvitation(token), requireConfirmedUser(userId)]);
  if (!invitation) throw linkExpired();
  const { teamId, id, role } = invitation;
  if (user.teams[teamId]) return invitation;
  if (invitation.acceptedBy) throw linkExpired();
  const member = { userId, name: user.name, username: user.username, role, joinedAt: nowIso() };
  const writes = [
    ...addMemberWrites(teamId, member, LIMITS.team.maxMembers),
    membershipWrite({ userId, teamId }, role, undefined),
    acceptWrite({ teamId, id }, userId),
  ];
  try {
    await retryOnConflict(() => writeAll(writes));
  } catch (error) {
    const failed = failedTransactionItems(error)?.condition;
    if (failed === undefined) throw error;
    // Accepted by the same user twice at once, or before a response that was lost.
    if ((await requireConfirmedUser(userId)).teams[teamId]) return invitation;
    if (!failed.includes(0)) throw linkExpired();
    throw new AppError("PLAN_LIMIT_EXCEEDED", `${invitation.teamName} is full. You are not a member of it.`);
  }
  return invitation;
}
