import * as v from "valibot";
import type { Role } from "../access/schema";
import { emailAddress } from "../accounts/schema";
import type { Actor } from "../auth/schema";
import { AppError } from "../errors";
import { LIMITS } from "../limits";
import { days, nowIso, nowMs } from "../platform/clock";
import { newId } from "../platform/ids";
import { sendMail } from "../platform/mail";
import { issueToken } from "../platform/one-time-tokens";
import { parse } from "../platform/operation";
import { consumeRateLimit } from "../platform/rate-limit";
import { queryInvitations, writeInvitation } from "./invitation-store";
import type { Invitation, Team } from "./schema";

type Given = { email: string; role: Role; origin: string };

/** Stores an invitation and mails its link. Throws PLAN_LIMIT_EXCEEDED and RATE_LIMIT_EXCEEDED before it does either. */
export async function inviteByMail(actor: Actor, team: Team, given: Given): Promise<Invitation> {
  if (team.isPersonal) {
    throw new AppError(
      "FORBIDDEN",
      "A personal team is yours alone. Nobody was invited. Create a team to work with others.",
    );
  }
  const { email } = await parse(v.object({ email: emailAddress }), given);
  if ((await queryInvitations(team.id)).length >= LIMITS.team.maxInvitations) {
    throw new AppError(
      "PLAN_LIMIT_EXCEEDED",
      "This team has too many open invitations. Nobody was invited. Revoke some first.",
    );
  }
  await consumeRateLimit(`mail#${actor.userId}`, LIMITS.mail);
  const lasts = days(LIMITS.team.invitationDays);
  const invitation: Invitation = {
    ...{ id: newId("inv"), email, role: given.role, invitedBy: actor.name, createdAt: nowIso() },
    expiresAt: new Date(nowMs() + lasts * 1000).toISOString(),
  };
  await writeInvitation({ ...invitation, teamId: team.id });
  const token = await issueToken("invitation", { teamId: team.id, id: invitation.id }, lasts);
  await sendMail({
    to: email,
    subject: `${actor.name} invites you to ${team.name} on Redline`,
    text: `${actor.name} invites you to the team ${team.name} on Redline, as ${given.role}.\n\nAccept here:\n${given.origin}/once/${token}\n\nThe link is good for ${LIMITS.team.invitationDays} days. If you don't know ${actor.name}, ignore this mail.\n`,
  });
  return invitation;
}
