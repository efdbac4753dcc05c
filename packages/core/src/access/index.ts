/** Checks an actor's permissions on resources, and chooses the team where none is named. */
import type { Actor } from "../auth/schema";
import { AppError, type ErrorCode } from "../errors";
import {
  holdsInTrash,
  isGranted,
  PERMISSIONS,
  type Permission,
  type Relation,
  type Role,
  type Scope,
} from "./permissions";
import type { Resource } from "./schema";

type ResourceKind = { scope: Scope; name: string; notFound: ErrorCode; read: Permission };

const team: ResourceKind = { scope: "team", name: "That team", notFound: "NOT_FOUND", read: "team.read" };

/** Kinds of resource that teams own, by the prefix of their ids. `read` is the permission to know that one exists. */
const OWNED_BY_TEAMS: Record<string, ResourceKind> = {
  ses: { scope: "team", name: "That session", notFound: "SESSION_NOT_FOUND", read: "sessions.read" },
  cod: { scope: "team", name: "That codebase", notFound: "CODEBASE_NOT_FOUND", read: "code.read" },
};

/**
 * Throws unless the actor has `permission` on the resource, and whatever else the running operation requires on resources
 * of its scope. A resource that the actor may not see is *not found*; one that they see but may not act on is FORBIDDEN,
 * as is whatever changes one in the trash.
 */
export function authorize(actor: Actor, permission: Permission, resource: Resource): void {
  const kind = resourceKind(resource);
  const role = roleOf(actor, resource);
  if (!role || !isGranted(role, kind.read)) throw notFound(kind);
  const required = [permission, ...(actor.requires ?? [])].filter((each) => PERMISSIONS[each].on === kind.scope);
  const missing = required.find((each) => !isGranted(role, each));
  if (missing !== undefined) {
    throw new AppError(
      "FORBIDDEN",
      `Your role (${role}) can't ${PERMISSIONS[missing].allows}. Nothing was changed. A team admin can change your role.`,
    );
  }
  if (isTrashed(resource) && !required.every(holdsInTrash)) {
    throw new AppError("FORBIDDEN", `${kind.name} is in the trash. Nothing was changed. Restore it to make changes.`);
  }
}

/** Returns whether the running operation is refused for a resource in the trash. */
export const isRefusedInTrash = ({ requires = [] }: Actor): boolean => !requires.every(holdsInTrash);

/**
 * Returns the team that an operation is about: the one that is named, else the one that the actor works in, their
 * own unless they chose another. Throws as `authorize` does when the actor is no member of it, or their role there lacks what the running operation requires.
 */
export function resolveTeam(actor: Actor, teamId: string = actor.currentTeamId ?? actor.personalTeamId): string {
  authorize(actor, "team.read", { teamId });
  return teamId;
}

const isTrashed = (resource: Resource): boolean =>
  resource !== "stage" && "teamId" in resource && resource.isTrashed === true;

function resourceKind(resource: Resource): ResourceKind {
  if (resource === "stage") return { scope: "stage", name: "The page", notFound: "NOT_FOUND", read: "stage.operate" };
  if ("userId" in resource) return { scope: "user", name: "That user", notFound: "NOT_FOUND", read: "settings.edit" };
  return OWNED_BY_TEAMS[resource.id?.split("_")[0] ?? ""] ?? team;
}

function roleOf(actor: Actor, resource: Resource): Role | Relation | undefined {
  if (resource === "stage") return actor.isOperator ? "operator" : undefined;
  if ("userId" in resource) return resource.userId === actor.userId ? "self" : undefined;
  return Object.hasOwn(actor.teams, resource.teamId) ? actor.teams[resource.teamId] : undefined;
}

const notFound = ({ scope, name, notFound }: ResourceKind): AppError =>
  new AppError(notFound, scope === "stage" ? "This page doesn't exist." : `${name} was not found.`);
