import { describe, expect, it } from "vitest";
import type { Actor } from "../auth/schema";
import { AppError } from "../errors";
import { authorize, resolveTeam } from "./index";
import { ownerKind } from "./internal";
import type { Permission, Resource, Role } from "./schema";

const member = (role: Role, more: Partial<Actor> = {}): Actor => ({
  ...{ userId: "usr_1", name: "Someone", personalTeamId: "tea_1", teams: { tea_1: role } },
  ...more,
});

/** The error of asking, as a person reads it; undefined when it is allowed. */
function refusal(actor: Actor, permission: Permission, resource: Resource): string | undefined {
  try {
    authorize(actor, permission, resource);
    return undefined;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return `${error.code}: ${error.message}`;
  }
}

describe("authorize", () => {
  it("allows a role what the table grants it", () => {
    expect(refusal(member("developer"), "code.edit", { teamId: "tea_1", id: "cod_1" })).toBeUndefined();
  });

  it("gives FORBIDDEN, with the missing permission, to a member who may view the resource", () => {
    expect(refusal(member("designer"), "code.edit", { teamId: "tea_1", id: "cod_1" })).toBe(
      "FORBIDDEN: Your role (designer) can't edit code. Nothing was changed. A team admin can change your role.",
    );
  });

  it.each<[Resource, string]>([
    [{ teamId: "tea_2", id: "ses_1" }, "SESSION_NOT_FOUND: That session was not found."],
    [{ teamId: "tea_2", id: "cod_1" }, "CODEBASE_NOT_FOUND: That codebase was not found."],
    [{ teamId: "tea_2" }, "NOT_FOUND: That team was not found."],
    [{ teamId: "toString" }, "NOT_FOUND: That team was not found."],
    [{ userId: "usr_2" }, "NOT_FOUND: That user was not found."],
    ["stage", "NOT_FOUND: This page doesn't exist."],
  ])("gives NOT_FOUND for %o of another team", (resource, expected) => {
    expect(refusal(member("admin"), "sessions.read", resource)).toBe(expected);
  });

  it("refuses what the running operation requires, whatever is asked for", () => {
    const actor = member("designer", { requires: ["sessions.manage"] });
    expect(refusal(actor, "sessions.read", { teamId: "tea_1", id: "ses_1" })).toContain("FORBIDDEN");
  });

  it("allows reading what is in the trash, and refuses every change to it", () => {
    const trashed = { teamId: "tea_1", id: "ses_1", isTrashed: true };
    expect(refusal(member("admin", { requires: ["code.read"] }), "sessions.read", trashed)).toBeUndefined();
    expect(refusal(member("admin", { requires: ["threads.write"] }), "sessions.read", trashed)).toBe(
      "FORBIDDEN: That session is in the trash. Nothing was changed. Restore it to make changes.",
    );
  });

  it("requires a permission only on resources of its scope", () => {
    const actor = member("designer", { requires: ["sessions.manage"] });
    expect(refusal(actor, "settings.edit", { userId: "usr_1" })).toBeUndefined();
  });

  it("lets only the operator operate the stage, whatever role they have", () => {
    expect(refusal(member("qa", { isOperator: true }), "stage.operate", "stage")).toBeUndefined();
    expect(refusal(member("admin"), "stage.operate", "stage")).toContain("NOT_FOUND");
  });
});

describe("resolveTeam", () => {
  it("returns the team that is named, and the actor's own where none is", () => {
    const actor = member("qa", { teams: { tea_1: "qa", tea_2: "admin" } });
    expect([resolveTeam(actor, "tea_2"), resolveTeam(actor)]).toEqual(["tea_2", "tea_1"]);
  });

  it("refuses a team that the actor is no member of, their own included", () => {
    expect(() => resolveTeam(member("admin"), "tea_2")).toThrow("That team was not found.");
    expect(() => resolveTeam(member("admin", { teams: {} }))).toThrow("That team was not found.");
  });

  it("refuses a team where the actor's role lacks what the operation requires", () => {
    const actor = member("admin", { teams: { tea_1: "admin", tea_2: "qa" }, requires: ["usage.read"] });
    expect(resolveTeam(actor)).toBe("tea_1");
    expect(() => resolveTeam(actor, "tea_2")).toThrow("can't see the team's model usage");
  });
});

describe("owners of codebases", () => {
  it("are known only where their domain is loaded", () => {
    expect(() => ownerKind("session")).toThrow('No owner of the kind "session" is defined in this process.');
  });
});
