import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { PERMISSIONS, type Permission, ROLES, type Role } from "@redline/core/access/schema";
import type { Actor } from "@redline/core/auth/schema";
import * as sessions from "@redline/core/sessions/index";
import * as settings from "@redline/core/settings/index";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type AnyOperation,
  asked,
  contentOf,
  faces,
  type Inputs,
  inputsOfNewSession,
  operations,
  statusOf,
} from "../support/operations";
import { stranger, withProduct } from "../support/product";

const product = withProduct();
/** Operations that name nothing of anyone's: they make or list what is the actor's own, or their own team's. */
const OWN = new Set([
  "agents.openTree",
  "ai.testModel",
  "differences.create",
  "differences.createFromPatch",
  "sessions.create",
  "sessions.presignUpload",
  "sessions.list",
  "settings.get",
  "settings.saveInstructions",
  "settings.saveBudget",
]);

/** Actors who must reach nothing of the owner's. */
const others: Record<string, Actor> = {
  anonymous: { userId: "usr_anonymous", name: "Nobody", personalTeamId: "tea_none", teams: {} },
  "peer in another team": stranger,
  "removed member": { userId: "usr_local", name: "You", personalTeamId: "tea_local", teams: {} },
};

/** The owner's user as a member with a role, who does not operate the stage. */
const memberAs = (role: Role): Actor => ({ ...product.actor, teams: { tea_local: role }, isOperator: false });

const ENDS = /reject|trash|teams\.(remove|leave)/i;

/** Operations in an order in which those that reject, delete or leave come last. */
const inOrder = () => [...operations].sort((a, b) => Number(ENDS.test(a.operation)) - Number(ENDS.test(b.operation)));

let inputs: Inputs;

beforeAll(async () => {
  inputs = await inputsOfNewSession(product.actor);
});

/** `npm run matrix` reads what was asked. */
afterAll(() => {
  const file = process.env.REDLINE_MATRIX_OPERATIONS;
  // The owner, and each role as a member of the owner's team.
  const actors = Object.keys(others).length + ROLES.length + 1;
  if (file) writeFileSync(file, JSON.stringify({ operations: operations.length, actors, cases: asked.cases }));
});

describe("the access matrix", () => {
  it("covers a domain's whole face: it exports operations only", () => {
    const others = faces.flatMap((face) =>
      Object.entries(face).filter(([, value]) => !(typeof value === "function" && "operation" in value)),
    );
    expect(others.map(([name]) => name)).toEqual([]);
  });

  it("lists every operation that a domain's face exports", () => {
    expect(operations.map((each) => each.operation).sort()).toEqual(Object.keys(inputs).sort());
  });

  it("lists no permission that no operation requires", () => {
    const declared = new Set<string>(operations.map((each) => each.permission));
    expect(Object.keys(PERMISSIONS).filter((each) => !declared.has(each))).toEqual([]);
  });

  it("covers every domain that has operations", () => {
    const root = new URL("../../packages/core/src/", import.meta.url);
    const domains = readdirSync(root, { withFileTypes: true }).flatMap((entry) => {
      if (!entry.isDirectory() || entry.name === "platform") return [];
      const sources = readdirSync(new URL(`${entry.name}/`, root)).filter((file) => /(?<!\.test)\.ts$/.test(file));
      const text = sources.map((file) => readFileSync(new URL(`${entry.name}/${file}`, root), "utf8")).join("\n");
      return /\boperation\(\s*"/.test(text) ? [entry.name] : [];
    });
    expect(domains.sort()).toEqual([
      "accounts",
      "agents",
      "ai",
      "changes",
      "codebases",
      "differences",
      "exports",
      "ops",
      "replies",
      "review",
      "sessions",
      "settings",
      "teams",
      "threads",
      "usage",
    ]);
  });

  it.each(Object.keys(others))("gives a %s NOT_FOUND for everything, and changes nothing", async (who) => {
    const before = await contentOf(product.actor, inputs);
    const statuses: Record<string, unknown> = {};
    for (const each of operations.filter((one) => PERMISSIONS[one.permission].on !== "user")) {
      // Named by its id, the owner's team is as unknown as its things are. A test of models names none.
      const ofTeam = OWN.has(each.operation) ? { teamId: "tea_local" } : {};
      if (each.operation === "ai.testModel" && who === "peer in another team") continue;
      const input = { ...(inputs[each.operation] as object), ...ofTeam };
      statuses[each.operation] = await statusOf(each, others[who] as Actor, input);
    }
    expect(statuses).toEqual(Object.fromEntries(Object.keys(statuses).map((name) => [name, 404])));
    expect(await contentOf(product.actor, inputs)).toBe(before);
  });

  it("shows a peer in another team nothing of the owner's where no team is named", async () => {
    expect(await sessions.listSessions(stranger, {})).toMatchObject({ sessions: [] });
    expect(await settings.getSettings(stranger, {})).toEqual({ instructions: "", dailyTokens: null });
  });

  it("lets the owner do each of them", async () => {
    const refused: string[] = [];
    for (const each of inOrder()) {
      const status = await statusOf(each, product.actor, inputs[each.operation]);
      if ([401, 403].includes(status)) refused.push(each.operation);
    }
    expect(refused).toEqual([]);
  });

  it.each(ROLES)("allows a member with role %s what the table grants, and nothing else", async (role) => {
    const own = await inputsOfNewSession(product.actor);
    const before = await contentOf(product.actor, own);
    const isGranted = ({ permission }: AnyOperation) =>
      (PERMISSIONS[permission].roles as readonly string[]).includes(role);
    const ofTeam = inOrder().filter((each) => PERMISSIONS[each.permission].on === "team");
    const denied: Record<string, number> = {};
    for (const each of ofTeam.filter((one) => !isGranted(one))) {
      denied[each.operation] = await statusOf(each, memberAs(role), own[each.operation]);
    }
    expect(denied).toEqual(Object.fromEntries(Object.keys(denied).map((name) => [name, 403])));
    expect(await contentOf(product.actor, own)).toBe(before);
    const refused: string[] = [];
    for (const each of ofTeam.filter(isGranted)) {
      const status = await statusOf(each, memberAs(role), own[each.operation]);
      if ([401, 403].includes(status)) refused.push(each.operation);
    }
    expect(refused).toEqual([]);
  });

  it("gives members of every role NOT_FOUND for the operations page", async () => {
    const ofStage = operations.filter((each) => PERMISSIONS[each.permission].on === "stage");
    const statuses = ROLES.flatMap((role) =>
      ofStage.map((each) => statusOf(each, memberAs(role), inputs[each.operation])),
    );
    expect(new Set(await Promise.all(statuses))).toEqual(new Set([404]));
  });

  it.each(Object.keys(PERMISSIONS) as Permission[])(
    "refuses every operation of %s without that permission",
    async (permission) => {
      const grant = PERMISSIONS[permission] as { roles: readonly string[] };
      const { roles } = grant;
      const own = await inputsOfNewSession(product.actor);
      const before = await contentOf(product.actor, own);
      const refused: string[] = [];
      const those = operations.filter((each) => each.permission === permission);
      grant.roles = [];
      try {
        for (const each of those) {
          if ([403, 404].includes(await statusOf(each, product.actor, own[each.operation])))
            refused.push(each.operation);
        }
      } finally {
        grant.roles = roles;
      }
      expect(refused).toEqual(those.map((each) => each.operation));
      expect(await contentOf(product.actor, own)).toBe(before);
    },
  );
});
