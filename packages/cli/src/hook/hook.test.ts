import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createDifference, rejectLines } from "@redline/core/differences/index";
import { newDecisionId } from "@redline/core/differences/schema";
import { trashSession } from "@redline/core/sessions/index";
import { openThread } from "@redline/core/threads/index";
import { newMessageId, newThreadId } from "@redline/core/threads/schema";
import { afterEach, describe, expect, it } from "vitest";
import { withServedProduct } from "../../../../tests/support/agents";
import { withProduct } from "../../../../tests/support/product";
import { removeRepositories, runIn, TestRepository } from "../repositories.test-support";

const product = withProduct();
const served = withServedProduct();

afterEach(() => {
  removeRepositories();
  rmSync(join(served.folder, "work-trees"), { recursive: true, force: true });
});

const FILES = [{ path: "a.ts", before: "let a = 1;\nlet b = 2;\n", after: "const a = 1;\nlet b = 2;\n" }];

/** A work tree that `redline` has linked with a session. */
async function linked() {
  const repository = new TestRepository();
  const source = { kind: "git" as const, range: "HEAD" };
  const content = { kind: "files" as const, files: FILES };
  const { id } = await createDifference(product.actor, { key: crypto.randomUUID(), source, content });
  mkdirSync(join(served.folder, "work-trees"), { recursive: true });
  writeFileSync(join(served.folder, "work-trees/one.json"), JSON.stringify({ root: repository.root, sessionId: id }));
  return { repository, id };
}

const hook = (repository: TestRepository, moment: string, event: object | string = {}) =>
  runIn(repository.root, ["hook", moment], {
    stdin: typeof event === "string" ? event : JSON.stringify(event),
    env: { REDLINE_DATA: served.folder },
  });

const reject = (id: string, note = "Keep it as it was.") =>
  rejectLines(product.actor, { sessionId: id, id: newDecisionId(), path: "a.ts", version: 2, note });

const STOP = { session_id: "x", hook_event_name: "Stop", stop_hook_active: false };

describe("redline hook", () => {
  it("holds rejections back during a turn, and tells of them with why at its end, once", async () => {
    const { repository, id } = await linked();
    expect(await hook(repository, "turn-start", { hook_event_name: "UserPromptSubmit" })).toMatchObject({ stdout: "" });
    await reject(id);
    const message = { id: newMessageId(), text: "Why const?", wantsReply: false };
    await openThread(product.actor, { sessionId: id, threadId: newThreadId(), path: "a.ts", startLine: 1, message });
    const { code, stdout, stderr } = await hook(repository, "turn-end", STOP);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const { decision, reason } = JSON.parse(stdout);
    expect(decision).toBe("block");
    expect(reason).toContain("a.ts:1 was rejected and reverted.\nWhy: Keep it as it was.\n    const a = 1;");
    expect(reason).toContain("On a.ts:1:\nYou: Why const?");
    expect(await hook(repository, "turn-end", { ...STOP, stop_hook_active: true })).toMatchObject({ stdout: "" });
    expect(await hook(repository, "turn-start", { hook_event_name: "UserPromptSubmit" })).toMatchObject({ stdout: "" });
  });

  it("tells at the start of a turn what was decided since the last one", async () => {
    const { repository, id } = await linked();
    await reject(id);
    const { stdout } = await hook(repository, "turn-start", { hook_event_name: "UserPromptSubmit" });
    expect(JSON.parse(stdout)).toMatchObject({
      hookSpecificOutput: { hookEventName: "UserPromptSubmit", additionalContext: expect.stringContaining("a.ts:1") },
    });
  });

  it("speaks Cursor's form, which has the folder in the event, and text to any other", async () => {
    const { repository, id } = await linked();
    const elsewhere = new TestRepository();
    const cursor = { workspace_roots: [repository.root] };
    const before = await hook(elsewhere, "turn-start", { ...cursor, hook_event_name: "beforeSubmitPrompt" });
    expect(JSON.parse(before.stdout)).toEqual({ continue: true });
    await reject(id);
    const after = await hook(elsewhere, "turn-end", { ...cursor, hook_event_name: "stop", status: "completed" });
    expect(JSON.parse(after.stdout)).toEqual({ followup_message: expect.stringContaining("a.ts:1 was rejected") });
    const again = await hook(elsewhere, "turn-end", { ...cursor, hook_event_name: "stop" });
    expect(JSON.parse(again.stdout)).toEqual({});
    rmSync(join(served.folder, "told"), { recursive: true });
    expect((await hook(repository, "turn-end", "no JSON")).stdout).toMatch(
      /^A person reviewed[\s\S]*a\.ts:1 was rejected/,
    );
  });

  it("does nothing where the work tree is not open in Redline, its session is in the trash, or nothing serves", async () => {
    const { repository, id } = await linked();
    const quiet = { code: 0, stdout: "", stderr: "" };
    expect(await hook(new TestRepository(), "turn-end", STOP)).toEqual(quiet);
    await reject(id);
    await trashSession(product.actor, { id });
    expect(await hook(repository, "turn-end", STOP)).toEqual(quiet);
    const env = { REDLINE_DATA: repository.path("no-data") };
    expect(await runIn(repository.root, ["hook", "turn-end"], { stdin: JSON.stringify(STOP), env })).toEqual(quiet);
  });

  it("takes two moments and no other arguments", async () => {
    const repository = new TestRepository();
    for (const args of [[], ["turn"], ["turn-start", "more"]]) {
      expect(await runIn(repository.root, ["hook", ...args])).toMatchObject({ code: 2, stdout: "" });
    }
  });
});
