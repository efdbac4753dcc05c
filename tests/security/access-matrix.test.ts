import { randomUUID } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { PERMISSIONS, type Permission, ROLES, type Role } from "@redline/core/access/schema";
import * as ai from "@redline/core/ai/index";
import type { Actor } from "@redline/core/auth/schema";
import * as changes from "@redline/core/changes/index";
import { newChangeId } from "@redline/core/changes/schema";
import * as codebases from "@redline/core/codebases/index";
import { AppError } from "@redline/core/errors";
import * as exports_ from "@redline/core/exports/index";
import * as ops from "@redline/core/ops/index";
import type { Operation } from "@redline/core/platform/operation";
import * as replies from "@redline/core/replies/index";
import * as review from "@redline/core/review/index";
import { reviewLogId } from "@redline/core/review/internal";
import { modelReviewLogId, newModelReviewId } from "@redline/core/review/schema";
import * as sessions from "@redline/core/sessions/index";
import * as settings from "@redline/core/settings/index";
import * as threads from "@redline/core/threads/index";
import { newMessageId, newThreadId, replyLogId } from "@redline/core/threads/schema";
import * as usage from "@redline/core/usage/index";
import { beforeAll, describe, expect, it } from "vitest";
import { pasteSession, reviewVersion, stranger, withProduct } from "../support/product";

const product = withProduct();
const faces = [ai, changes, codebases, exports_, ops, replies, review, sessions, settings, threads, usage];

type Any = Operation<never, unknown>;
const operations = faces.flatMap((face) =>
  Object.values(face).filter((each): each is Any => typeof each === "function" && "operation" in each),
);

/** Operations that name nothing of anyone's: they make or list what is the actor's own, or their own team's. */
const OWN = new Set([
  "ai.testModel",
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

const call = (operation: Any, actor: Actor, input: unknown): Promise<unknown> =>
  (operation as unknown as (actor: Actor, input: unknown) => Promise<unknown>)(actor, input);

/** Returns the status that an operation ends with for an actor. Rethrows unexpected errors, which fail the test. */
async function statusOf(operation: Any, actor: Actor, input: unknown): Promise<number> {
  try {
    await call(operation, actor, input);
    return 200;
  } catch (error) {
    if (error instanceof AppError) return error.status;
    throw error;
  }
}

/** Operations in an order in which those that reject or delete come last. */
const inOrder = () =>
  [...operations].sort((a, b) => Number(/reject|trash/i.test(a.operation)) - Number(/reject|trash/i.test(b.operation)));

/** Everything that the session of these inputs holds. */
async function contentOf(inputs: Inputs): Promise<string> {
  const document = await exports_.exportSession(product.actor, inputs["sessions.get"] as { id: string });
  return JSON.stringify({ ...document, exportedAt: null });
}

type Inputs = Record<string, unknown>;

let inputs: Inputs;

beforeAll(async () => {
  inputs = await inputsOfNewSession();
});

/** Valid inputs of every operation, about a session of the owner's that is made for them. */
async function inputsOfNewSession(): Promise<Inputs> {
  const session = await pasteSession(product.actor, { "a.ts": "export function f() {\n  debugger;\n}\n" });
  await reviewVersion(session, 1);
  const { id, codebaseId, teamId } = session;
  const [finding] = await review.listFindings(product.actor, { sessionId: id });
  const fixId = finding?.fix?.changeId ?? "";
  const identity = finding?.identity ?? "";
  const changeId = newChangeId();
  const modelReviewId = newModelReviewId();
  const window = "window-a";
  const files = [{ path: "a.ts", text: "stolen\n" }];
  const threadId = newThreadId();
  const note = () => ({ id: newMessageId(), text: "Why?", wantsReply: false });
  await threads.openThread(product.actor, { sessionId: id, threadId, path: "a.ts", startLine: 2, message: note() });
  const about = { id: newMessageId(), text: "", messageKind: "explain", wantsReply: true } as const;
  const asked = { sessionId: id, threadId: newThreadId(), path: "a.ts", finding: identity, message: about };
  const { message } = await threads.openThread(product.actor, asked);
  const reply = { sessionId: id, threadId: asked.threadId, number: message.replyNumber ?? 0 };
  const replyLog = replyLogId(id, reply.threadId, reply.number, 1);
  return {
    "ai.testModel": {},
    "sessions.create": { key: randomUUID(), teamId, pasted: [{ text: "export {};\n" }] },
    "sessions.presignUpload": { teamId, path: "a.ts", bytes: 10 },
    "sessions.list": { teamId },
    "settings.get": {},
    "settings.saveInstructions": { instructions: "" },
    "settings.saveBudget": { dailyTokens: null },
    "changes.get": { codebaseId, changeId: fixId },
    "changes.save": { codebaseId, base: 1, changeId, files },
    "changes.apply": { codebaseId, changeId: fixId },
    "changes.reject": { codebaseId, changeId: fixId },
    "changes.undo": { codebaseId, changeId, version: 1 },
    "changes.restore": { codebaseId, changeId, version: 1 },
    "changes.mergeView": { codebaseId, change: fixId },
    "codebases.get": { id: codebaseId },
    "codebases.readVersion": { codebaseId, version: 1 },
    "codebases.readFile": { codebaseId, path: "a.ts" },
    "codebases.listVersions": { codebaseId },
    "codebases.compareVersions": { codebaseId, from: 1, to: 1 },
    "codebases.saveDraft": { codebaseId, window, base: 1, files },
    "codebases.getDraft": { codebaseId, window },
    "codebases.discardDraft": { codebaseId, window },
    "exports.session": { id },
    "exports.zip": { id },
    "ops.overview": {},
    "ops.redrive": { queue: "review" },
    "ops.discard": { queue: "review", before: 0 },
    "replies.follow": { logId: replyLog, after: 0, signal: AbortSignal.timeout(1_000) },
    "replies.stop": reply,
    "replies.continue": reply,
    "replies.retry": reply,
    "review.openSession": { sessionId: id },
    "review.latest": { sessionId: id },
    "review.findings": { sessionId: id },
    "review.follow": { logId: reviewLogId(id, 1), after: 0, signal: AbortSignal.timeout(1_000) },
    "review.setDecision": { sessionId: id, identity, decision: "dismissed" },
    "review.rejectFix": { sessionId: id, identity, changeId: fixId },
    "review.applyAllSafe": { sessionId: id, changeId },
    "review.request": { sessionId: id },
    "modelReviews.estimate": { sessionId: id, scope: { kind: "session" } },
    "modelReviews.request": { sessionId: id, id: modelReviewId, scope: { kind: "session" } },
    "modelReviews.cancel": { sessionId: id, id: modelReviewId },
    "modelReviews.latest": { sessionId: id },
    "modelReviews.follow": {
      ...{ logId: modelReviewLogId(id, modelReviewId), after: 0 },
      signal: AbortSignal.timeout(1_000),
    },
    "review.checkText": { sessionId: id, path: "a.ts", text: "x", language: "typescript" },
    "review.highlight": { teamId, hash: "0".repeat(64), text: "x", language: "typescript" },
    "sessions.get": { id },
    "sessions.rename": { id, name: "Stolen" },
    "sessions.trash": { id },
    "sessions.restore": { id },
    "usage.days": { teamId, from: "2026-01-01", to: "2026-01-02" },
    "usage.calls": { teamId },
    "usage.quota": { teamId },
    "usage.csv": { teamId, from: "2026-01-01", to: "2026-01-02" },
    "sessions.setLanguage": { id, path: "a.ts", language: "python" },
    "threads.open": { sessionId: id, threadId: newThreadId(), path: "a.ts", message: note() },
    "threads.post": { sessionId: id, threadId, ...note() },
    "threads.get": { sessionId: id, threadId },
    "threads.list": { sessionId: id },
    "threads.edit": { sessionId: id, threadId, number: 1, text: "Stolen" },
    "threads.delete": { sessionId: id, threadId, number: 1 },
    "threads.resolve": { sessionId: id, threadId },
    "threads.reopen": { sessionId: id, threadId },
  };
}

describe("the access matrix", () => {
  it("leaves no way into a domain's face but its operations", () => {
    const others = faces.flatMap((face) =>
      Object.entries(face).filter(([, value]) => !(typeof value === "function" && "operation" in value)),
    );
    expect(others.map(([name]) => name)).toEqual([]);
  });

  it("knows every operation that a domain's face exports", () => {
    expect(operations.map((each) => each.operation).sort()).toEqual(Object.keys(inputs).sort());
  });

  it("knows no permission that no operation declares but the one to see a team", () => {
    const declared = new Set<string>(operations.map((each) => each.permission));
    expect(Object.keys(PERMISSIONS).filter((each) => !declared.has(each))).toEqual(["team.read"]);
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
      "ai",
      "changes",
      "codebases",
      "exports",
      "ops",
      "replies",
      "review",
      "sessions",
      "settings",
      "threads",
      "usage",
    ]);
  });

  it.each(Object.keys(others))("tells a %s of nothing that exists, and changes nothing", async (who) => {
    const before = await contentOf(inputs);
    const statuses: Record<string, unknown> = {};
    for (const each of operations.filter((one) => PERMISSIONS[one.permission].on !== "user")) {
      // Named by its id, the owner's team is as unknown as its things are. A test of models names none.
      const ofTeam = OWN.has(each.operation) ? { teamId: "tea_local" } : {};
      if (each.operation === "ai.testModel" && who === "peer in another team") continue;
      const input = { ...(inputs[each.operation] as object), ...ofTeam };
      statuses[each.operation] = await statusOf(each, others[who] as Actor, input);
    }
    expect(statuses).toEqual(Object.fromEntries(Object.keys(statuses).map((name) => [name, 404])));
    expect(await contentOf(inputs)).toBe(before);
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

  it.each(ROLES)("lets a member who is %s do what the table grants that role, and nothing else", async (role) => {
    const own = await inputsOfNewSession();
    const before = await contentOf(own);
    const isGranted = ({ permission }: Any) => (PERMISSIONS[permission].roles as readonly string[]).includes(role);
    const ofTeam = inOrder().filter((each) => PERMISSIONS[each.permission].on === "team");
    const denied: Record<string, number> = {};
    for (const each of ofTeam.filter((one) => !isGranted(one))) {
      denied[each.operation] = await statusOf(each, memberAs(role), own[each.operation]);
    }
    expect(denied).toEqual(Object.fromEntries(Object.keys(denied).map((name) => [name, 403])));
    expect(await contentOf(own)).toBe(before);
    const refused: string[] = [];
    for (const each of ofTeam.filter(isGranted)) {
      const status = await statusOf(each, memberAs(role), own[each.operation]);
      if ([401, 403].includes(status)) refused.push(each.operation);
    }
    expect(refused).toEqual([]);
  });

  it("tells members of every role that the operator's page does not exist", async () => {
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
      const own = await inputsOfNewSession();
      const before = await contentOf(own);
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
      expect(await contentOf(own)).toBe(before);
    },
  );
});
