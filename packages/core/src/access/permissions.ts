/** Roles and what each may do: the only such table. Code, settings pages and docs are made from it. */

/** Roles of a team's members. */
export const ROLES = ["admin", "manager", "developer", "designer", "qa"] as const;
export type Role = (typeof ROLES)[number];

/** An actor's relation to a resource that no team owns. */
export type Relation = "self" | "operator";

/** The owner of a kind of resource: a team, one user, or the stage's operator. */
export type Scope = "team" | "user" | "stage";

/** `allows` completes the sentence "Your role can't …". */
type Grant = { on: Scope; roles: readonly (Role | Relation)[]; allows: string };

const builders = ["admin", "manager", "developer"] as const;

export const PERMISSIONS = {
  "team.read": { on: "team", roles: ROLES, allows: "see this team" },
  "sessions.read": { on: "team", roles: ROLES, allows: "see sessions" },
  "sessions.create": { on: "team", roles: ROLES, allows: "create sessions" },
  "sessions.manage": { on: "team", roles: builders, allows: "rename, delete or restore sessions" },
  "code.read": { on: "team", roles: ROLES, allows: "read code" },
  "code.edit": { on: "team", roles: builders, allows: "edit code" },
  "decisions.make": { on: "team", roles: [...builders, "qa"], allows: "decide on findings and changes" },
  "reviews.request": { on: "team", roles: [...builders, "qa"], allows: "request reviews" },
  "threads.write": { on: "team", roles: ROLES, allows: "write in threads" },
  "models.use": { on: "team", roles: ROLES, allows: "use the team's models" },
  "usage.read": { on: "team", roles: ["admin", "manager"], allows: "see the team's model usage" },
  "settings.edit": { on: "user", roles: ["self"], allows: "change these settings" },
  "stage.operate": { on: "stage", roles: ["operator"], allows: "operate this stage" },
} as const satisfies Record<string, Grant>;

export type Permission = keyof typeof PERMISSIONS;

/** Returns whether a role, or a relation to a resource that no team owns, includes a permission. */
export function isGranted(role: Role | Relation, permission: Permission): boolean {
  const { roles }: Grant = PERMISSIONS[permission];
  return roles.includes(role);
}
