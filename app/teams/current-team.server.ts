import type { Actor } from "@redline/core/auth/schema";
import { getTeam } from "@redline/core/teams/index";

export type TeamName = { id: string; name: string };

/** Returns the team that an actor works in, where they have several: what is listed is its own, and what is made. */
export async function currentTeam(actor: Actor): Promise<TeamName | undefined> {
  if (Object.keys(actor.teams).length < 2) return undefined;
  const { id, name } = await getTeam(actor, { teamId: actor.currentTeamId ?? actor.personalTeamId });
  return { id, name };
}
