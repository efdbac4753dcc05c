import { hasAccounts, readUser, type User } from "../accounts/internal";
import { AppError } from "../errors";
import { setting } from "../platform/env";
import type { Actor, ActorRef, SignedIn } from "./schema";
import { claimedUser, findSignIn, OPERATOR_ID } from "./sign-in";

export { network } from "./attempts";
export { signInWithPassword } from "./password-sign-in";
export { OPERATOR_ID, type SignInCookies, type SignInSource, signInOperator, signOut, startSignIn } from "./sign-in";

/** Returns whether every visitor of this server is its owner: on a laptop, unless accounts are turned on. */
export const isOpenToLocalOwner = (): boolean => setting("REDLINE_LOCAL") === "1" && setting("REDLINE_AUTH") !== "on";

/**
 * Returns the person at the laptop: signed in by being there (the server is bound to 127.0.0.1 and checks Host and
 * Origin). Everything made on the laptop belongs to this user's personal team.
 */
export const localOwner = (): Actor => soleMember("usr_local", "You", "tea_local");

/** Returns the holder of the stage's secret. What they make belongs to a team that the first account is a member of. */
const operator = (): Actor => soleMember(OPERATOR_ID, "Operator", "tea_operator");

const soleMember = (userId: string, name: string, teamId: string): Actor => ({
  ...{ userId, name, personalTeamId: teamId },
  ...{ teams: { [teamId]: "admin" }, isOperator: true },
});

const actorOf = ({ id, name, personalTeamId, teams, isOperator }: User): Actor => ({
  ...{ userId: id, name, personalTeamId, teams },
  ...(isOperator && { isOperator }),
});

/**
 * Returns who a cookie signs in, with the roles of this moment, by two consistent reads; undefined when it is invalid,
 * expired or revoked.
 */
export async function signedInBy(cookie: string): Promise<SignedIn | undefined> {
  const id = claimedUser(cookie);
  if (id === undefined) return undefined;
  if (id === OPERATOR_ID) return (await findSignIn(cookie)) && { actor: operator(), isConfirmed: true };
  const [signIn, user] = await Promise.all([findSignIn(cookie), hasAccounts() ? readUser(id) : undefined]);
  if (!signIn || !user || signIn.epoch !== user.epoch) return undefined;
  return { actor: actorOf(user), isConfirmed: user.isConfirmed };
}

/** Returns the actor a job acts for. Throws UNAUTHORIZED when that user is not (or no longer) known. */
export async function restoreActor(ref: ActorRef): Promise<Actor> {
  const owner = isOpenToLocalOwner() ? localOwner() : operator();
  if (ref.userId === owner.userId) return owner;
  const user = hasAccounts() ? await readUser(ref.userId) : undefined;
  if (user?.isConfirmed) return actorOf(user);
  throw new AppError("UNAUTHORIZED", "The user this job was queued for no longer exists.");
}
