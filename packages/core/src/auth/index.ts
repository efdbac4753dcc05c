import { AppError, type ErrorCode } from "../errors";
import { setting } from "../platform/env";
import type { Actor, ActorRef } from "./schema";
import { OPERATOR_ID } from "./sign-in";

export { OPERATOR_ID, signedInUser, signInOperator, signOut } from "./sign-in";

/** Whether whoever reaches this server is its owner: on a laptop, unless it was told to ask. */
export const isOpenToLocalOwner = (): boolean => setting("REDLINE_LOCAL") === "1" && setting("REDLINE_AUTH") !== "on";

/**
 * The person at the laptop: signed in by being there (the server is bound to 127.0.0.1 and checks Host and Origin).
 * Everything made on the laptop belongs to this user's personal team.
 */
export function localOwner(): Actor {
  return { userId: "usr_local", name: "You", personalTeamId: "tea_local", teams: { tea_local: "admin" } };
}

/** Whoever holds the stage's secret. Everything made on the stage belongs to their team, until there are accounts. */
const operator = (): Actor => ({
  userId: OPERATOR_ID,
  name: "Operator",
  personalTeamId: "tea_operator",
  teams: { tea_operator: "admin" },
});

/** The actor a job acts for. Throws UNAUTHORIZED when that user is not (or no longer) known. */
export async function restoreActor(ref: ActorRef): Promise<Actor> {
  const owner = isOpenToLocalOwner() ? localOwner() : operator();
  if (ref.userId === owner.userId) return owner;
  throw new AppError("UNAUTHORIZED", "The user this job was queued for no longer exists.");
}

/**
 * What concerns the whole stage is for whoever runs it: the owner of the laptop, the holder of the stage's secret.
 * Anyone else is told that there is nothing.
 */
export function requireOperator(actor: Actor): void {
  const owner = isOpenToLocalOwner() ? localOwner() : operator();
  if (actor.userId === owner.userId && actor.teams[owner.personalTeamId] === "admin") return;
  throw new AppError("NOT_FOUND", "There is no page at this address.");
}

/**
 * The one access check: what belongs to a team may be loaded by its members. Anyone else is told it does not exist,
 * because they may not know that it does.
 */
export function requireMember(actor: Actor, teamId: string, notFound: ErrorCode, what: string): void {
  if (!Object.hasOwn(actor.teams, teamId)) throw new AppError(notFound, `${what} was not found.`);
}
