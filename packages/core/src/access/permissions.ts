/** Roles and what each may do: the only such table. Code, settings pages and docs are made from it. */

/** Roles of a team's members. */
export const ROLES = ["admin", "manager", "developer", "designer", "qa"] as const;
export type Role = (typeof ROLES)[number];

/** An actor's relation to a resource that no team owns. */
export type Relation = "self" | "operator";

/** The owner of a kind of resource: a team, one user, or the stage's operator. */
export type Scope = "team" | "user" | "stage";

/** `allows` completes the sentence "Your role can't …". `inTrash`: it holds for what is in the trash, too. */
type Grant = { on: Scope; roles: readonly (Role | Relation)[]; allows: string; inTrash?: true };

const builders = ["admin", "manager", "developer"] as const;

export const PERMISSIONS = {
  "team.read": { on: "team", roles: ROLES, allows: "see this team", inTrash: true },
  "team.leave": { on: "team", roles: ROLES, allows: "leave this team" },
  "team.rename": { on: "team", roles: ["admin"], allows: "rename this team" },
  "members.invite": { on: "team", roles: ["admin", "manager"], allows: "invite people" },
  "members.manage": { on: "team", roles: ["admin"], allows: "change roles or remove members" },
  "sessions.read": { on: "team", roles: ROLES, allows: "see sessions", inTrash: true },
  "sessions.create": { on: "team", roles: ROLES, allows: "create sessions" },
  "sessions.manage": { on: "team", roles: builders, allows: "rename, delete or restore sessions" },
  "code.read": { on: "team", roles: ROLES, allows: "read code", inTrash: true },
  "code.edit": { on: "team", roles: builders, allows: "edit code" },
  "decisions.make": { on: "team", roles: [...builders, "qa"], allows: "decide on findings and changes" },
  "reviews.request": { on: "team", roles: [...builders, "qa"], allows: "request reviews" },
  "reviews.stop": { on: "team", roles: [...builders, "qa"], allows: "stop reviews", inTrash: true },
  "threads.write": { on: "team", roles: ROLES, allows: "write in threads" },
  "replies.stop": { on: "team", roles: ROLES, allows: "stop replies", inTrash: true },
  "models.use": { on: "team", roles: ROLES, allows: "use the team's models" },
  "usage.read": { on: "team", roles: ["admin", "manager"], allows: "see the team's model usage", inTrash: true },
  "settings.edit": { on: "user", roles: ["self"], allows: "change these settings" },
  "account.manage": { on: "user", roles: ["self"], allows: "manage this account" },
  "stage.operate": { on: "stage", roles: ["operator"], allows: "operate this stage" },
} as const satisfies Record<string, Grant>;

export type Permission = keyof typeof PERMISSIONS;

/** Returns whether a permission holds for what is in the trash: reading it, and stopping work on it. */
export function holdsInTrash(permission: Permission): boolean {
  const { inTrash }: Grant = PERMISSIONS[permission];
  return inTrash === true;
}

/** Returns whether a role, or a relation to a resource that no team owns, includes a permission. */
export function isGranted(role: Role | Relation, permission: Permission): boolean {
  const { roles }: Grant = PERMISSIONS[permission];
  return roles.includes(role);
}
