import { readdirSync, readFileSync } from "node:fs";
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
import { answerLogId, newMessageId, newThreadId } from "@redline/core/threads/schema";
import * as usage from "@redline/core/usage/index";
import { beforeAll, describe, expect, it } from "vitest";
import { pasteSession, reviewVersion, stranger, withProduct } from "../support/product";

const product = withProduct();
const faces = [ai, changes, codebases, exports_, ops, replies, review, sessions, settings, threads, usage];

type Any = Operation<never, unknown>;
const operations = faces.flatMap((face) =>
  Object.values(face).filter((each): each is Any => typeof each === "function" && "operation" in each),
);

/** Operations that name nothing of anyone's: they make or list what is the actor's own. */
const OWN = new Set([
  "ai.testModel",
  "sessions.create",
  "sessions.presignUpload",
  "sessions.list",
  "settings.get",
  "settings.saveInstructions",
  "settings.saveBudget",
]);

/** Everyone who must reach nothing of the owner's. */
const others: Record<string, Actor> = {
  anonymous: { userId: "usr_anonymous", name: "Nobody", personalTeamId: "tea_none", teams: {} },
  "peer in another team": stranger,
  "removed member": { userId: "usr_local", name: "You", personalTeamId: "tea_local_former", teams: {} },
};

let inputs: Record<string, unknown>;

beforeAll(async () => {
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
  const note = () => ({ id: newMessageId(), text: "Why?", ask: false });
  await threads.openThread(product.actor, { sessionId: id, threadId, path: "a.ts", startLine: 2, message: note() });
  const about = { id: newMessageId(), text: "", intent: "explain", ask: true } as const;
  const asked = { sessionId: id, threadId: newThreadId(), path: "a.ts", finding: identity, message: about };
  const { message } = await threads.openThread(product.actor, asked);
  const answer = { sessionId: id, threadId: asked.threadId, number: message.answeredBy ?? 0 };
  const answerLog = answerLogId(id, answer.threadId, answer.number, 1);
  inputs = {
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
    "replies.follow": { logId: answerLog, after: 0, signal: AbortSignal.timeout(1_000) },
    "replies.stop": answer,
    "replies.continue": answer,
    "replies.retry": answer,
    "review.openSession": { sessionId: id },
    "review.latest": { sessionId: id },
    "review.findings": { sessionId: id },
    "review.follow": { logId: reviewLogId(id, 1), after: 0, signal: AbortSignal.timeout(1_000) },
    "review.answer": { sessionId: id, identity, answer: "dismissed" },
    "review.rejectFix": { sessionId: id, identity, changeId: fixId },
    "review.applyAllSafe": { sessionId: id, changeId },
    "review.request": { sessionId: id },
    "review.estimateByModel": { sessionId: id, scope: { kind: "session" } },
    "review.requestByModel": { sessionId: id, id: modelReviewId, scope: { kind: "session" } },
    "review.cancelByModel": { sessionId: id, id: modelReviewId },
    "review.latestByModel": { sessionId: id },
    "review.followByModel": {
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
});

describe("the access matrix", () => {
  it("leaves no way into a domain's face but its operations", () => {
    const others = faces.flatMap((face) =>
      Object.entries(face).filter(([, value]) => !(typeof value === "function" && "operation" in value)),
    );
    expect(others.map(([name]) => name)).toEqual([]);
  });

  it("knows every operation that a domain's face exports", () => {
    const known = [...Object.keys(inputs), ...OWN].sort();
    expect(operations.map((each) => each.operation).sort()).toEqual(known);
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
    const before = JSON.stringify(
      await exports_.exportSession(product.actor, inputs["sessions.get"] as { id: string }),
    );
    const answers: Record<string, unknown> = {};
    for (const each of operations.filter((one) => !OWN.has(one.operation))) {
      const call = each as unknown as (actor: Actor, input: unknown) => Promise<unknown>;
      const answer = await call(others[who] as Actor, inputs[each.operation]).catch((error: unknown) => error);
      answers[each.operation] = answer instanceof AppError ? answer.status : "answered";
    }
    expect(answers).toEqual(Object.fromEntries(Object.keys(answers).map((name) => [name, 404])));
    const after = JSON.stringify(await exports_.exportSession(product.actor, inputs["sessions.get"] as { id: string }));
    const timeless = (text: string) => text.replace(/"exportedAt":"[^"]*"/, "");
    expect(timeless(after)).toBe(timeless(before));
  });

  it("lets the owner do each of them", async () => {
    const refused: string[] = [];
    const order = [...operations].sort(
      (a, b) => Number(/reject|trash/i.test(a.operation)) - Number(/reject|trash/i.test(b.operation)),
    );
    for (const each of order.filter((one) => !OWN.has(one.operation))) {
      const call = each as unknown as (actor: Actor, input: unknown) => Promise<unknown>;
      const answer = await call(product.actor, inputs[each.operation]).catch((error: unknown) => error);
      if (answer instanceof AppError && [401, 403].includes(answer.status)) refused.push(each.operation);
      if (answer instanceof Error && !(answer instanceof AppError)) throw answer;
    }
    expect(refused).toEqual([]);
  });
});
