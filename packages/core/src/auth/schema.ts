import type { Permission, Role } from "../access/schema";

/**
 * Who performs an operation: an explicit argument of each, never ambient. `teams` holds the actor's role in every team
 * that they are a member of.
 */
export type Actor = {
  userId: string;
  name: string;
  personalTeamId: string;
  teams: Readonly<Record<string, Role>>;
  /** True for whoever runs this stage: the owner of the laptop, the holder of the stage's secret. */
  isOperator?: boolean;
  /** Permissions that the running operation requires on each resource it loads. Set by `operation`. */
  requires?: readonly Permission[];
};

/** What a queued job stores of the user who requested it. */
export type ActorRef = { userId: string };
