export { PERMISSIONS, type Permission, ROLES, type Role } from "./permissions";

/**
 * What permission is asked on. A thing that a team owns is named by its id as well, whose prefix says what it is; without
 * an id, it is the team itself.
 */
export type Resource = { teamId: string; id?: string } | { userId: string } | "stage";
