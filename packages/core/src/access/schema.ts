export { PERMISSIONS, type Permission, ROLES, type Role } from "./permissions";

/**
 * The resource of a permission check. A resource that a team owns is named by its id as well, whose prefix says its
 * kind; without an id, it is the team itself. One in the trash can be seen and not changed.
 */
export type Resource = { teamId: string; id?: string; isTrashed?: boolean } | { userId: string } | "stage";
