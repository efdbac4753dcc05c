import type { Permission, Role } from "../access/schema";

/**
 * The user who performs an operation: an explicit argument of each, never ambient. `teams` holds the actor's role in
 * every team that they are a member of.
 */
export type Actor = {
  userId: string;
  name: string;
  personalTeamId: string;
  teams: Readonly<Record<string, Role>>;
  /** The team whose lists this browser shows and that its new sessions belong to; without it, `personalTeamId`. */
  currentTeamId?: string;
  /** True for the operator of this stage: the laptop's owner, or the holder of the stage's secret. */
  isOperator?: boolean;
  /** Permissions that the running operation requires on each resource it loads. Set by `operation`. */
  requires?: readonly Permission[];
};

/** The reference to its requester that a queued job stores. */
export type ActorRef = { userId: string };

/** Who is signed in. Until their e-mail address is confirmed, they reach nothing but the page that asks for it. */
export type SignedIn = { actor: Actor; isConfirmed: boolean };
