import { AppError } from "../errors";
import { setting } from "../platform/env";
import type { Actor, ActorRef } from "./schema";
import { OPERATOR_ID } from "./sign-in";

export { OPERATOR_ID, signedInUser, signInOperator, signOut } from "./sign-in";

/** Returns whether every visitor of this server is its owner: on a laptop, unless accounts are turned on. */
export const isOpenToLocalOwner = (): boolean => setting("REDLINE_LOCAL") === "1" && setting("REDLINE_AUTH") !== "on";

/**
 * Returns the person at the laptop: signed in by being there (the server is bound to 127.0.0.1 and checks Host and
 * Origin). Everything made on the laptop belongs to this user's personal team.
 */
export const localOwner = (): Actor => soleMember("usr_local", "You", "tea_local");

/** Returns the holder of the stage's secret. Until there are accounts, everything on the stage belongs to their team. */
const operator = (): Actor => soleMember(OPERATOR_ID, "Operator", "tea_operator");

const soleMember = (userId: string, name: string, teamId: string): Actor => ({
  ...{ userId, name, personalTeamId: teamId },
  ...{ teams: { [teamId]: "admin" }, isOperator: true },
});

/** Returns the actor a job acts for. Throws UNAUTHORIZED when that user is not (or no longer) known. */
export async function restoreActor(ref: ActorRef): Promise<Actor> {
  const owner = isOpenToLocalOwner() ? localOwner() : operator();
  if (ref.userId === owner.userId) return owner;
  throw new AppError("UNAUTHORIZED", "The user this job was queued for no longer exists.");
}
