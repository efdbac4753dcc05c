export const ROLES = ["admin", "manager", "developer", "designer", "qa"] as const;
export type Role = (typeof ROLES)[number];

/**
 * Who does a thing: an explicit argument of every operation, never ambient. `teams` says which teams' things may be
 * loaded, and as what.
 */
export type Actor = {
  userId: string;
  name: string;
  personalTeamId: string;
  teams: Readonly<Record<string, Role>>;
};

/** What a queued job remembers of who asked for it. */
export type ActorRef = { userId: string };
