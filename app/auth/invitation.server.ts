import { AppError } from "@redline/core/errors";
import { findInvitation } from "@redline/core/teams/internal";
import { getActor } from "../http/actor.server";
import { getSignedIn } from "../http/authenticate.server";
import { readMailedToken } from "../http/mailed-token.server";
import { join } from "./sign-up.server";

/** Returns the invitation that this browser followed, null where it can't be accepted, and who would accept it. */
export async function loadInvitation(request: Request) {
  const found = await findInvitation((await readMailedToken(request, "invitation")) ?? "");
  const signedIn = getSignedIn(request);
  const isMember = found !== undefined && signedIn?.actor.teams[found.teamId] !== undefined;
  const isOpen = found !== undefined && !found.acceptedBy && !isMember;
  return {
    invitation: isOpen ? { teamName: found.teamName, role: found.role, invitedBy: found.invitedBy } : null,
    person: signedIn?.isConfirmed ? signedIn.actor.name : null,
  };
}

/** Joins the team of the invitation. */
export async function performJoin(request: Request) {
  const token = await readMailedToken(request, "invitation");
  if (!token) throw new AppError("TOKEN_EXPIRED", "Open the link in the mail again.");
  return join(request, (await getActor(request)).userId, token);
}
