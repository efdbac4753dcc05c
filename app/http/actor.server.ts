import { isOpenToLocalOwner, localOwner } from "@redline/core/auth/index";
import type { Actor } from "@redline/core/auth/schema";
import { AppError } from "@redline/core/errors";
import { getSignedIn, readSignedIn } from "./authenticate.server";
import { readTeamCookie } from "./team-cookie.server";

/** Returns the local owner on a laptop, otherwise the authenticated user. Throws UNAUTHORIZED. */
export async function getActor(request: Request): Promise<Actor> {
  if (isOpenToLocalOwner()) return localOwner();
  const signedIn = getSignedIn(request);
  if (!signedIn?.isConfirmed) throw new AppError("UNAUTHORIZED", "Sign in first.");
  const { actor } = signedIn;
  const chosen = await readTeamCookie(request);
  return chosen && Object.hasOwn(actor.teams, chosen) ? { ...actor, currentTeamId: chosen } : actor;
}

/** Returns whether a long request's actor is still signed in, with the roles that they had when it began. */
export async function isStillActor(request: Request, { userId, teams }: Actor): Promise<boolean> {
  if (isOpenToLocalOwner()) return true;
  const now = await readSignedIn(request);
  return now !== undefined && JSON.stringify([now.actor.userId, now.actor.teams]) === JSON.stringify([userId, teams]);
}
