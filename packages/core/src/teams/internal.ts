/** What accounts need of teams: it takes no actor. */
import { readToken } from "../platform/one-time-tokens";
import { readInvitation, type StoredInvitation } from "./invitation-store";
import { readTeam } from "./store";

export { newTeamWrites } from "./store";

/** An invitation as who holds its link may see it. */
export type OpenInvitation = Pick<StoredInvitation, "teamId" | "id" | "email" | "role" | "invitedBy" | "acceptedBy"> & {
  teamName: string;
};

/** Returns the invitation that a mailed token stands for; undefined when it expired or was revoked. */
export async function findInvitation(token: string): Promise<OpenInvitation | undefined> {
  const found = await readToken(token);
  if (found?.purpose !== "invitation") return undefined;
  const { teamId = "", id = "" } = found.facts;
  const [invitation, team] = await Promise.all([readInvitation({ teamId, id }), readTeam(teamId)]);
  if (!invitation || !team) return undefined;
  const { email, role, invitedBy, acceptedBy } = invitation;
  return { teamId, id, email, role, invitedBy, acceptedBy, teamName: team.name };
}
