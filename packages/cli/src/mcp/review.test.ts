import { execFileSync } from "node:child_process";
import type { Client } from "@modelcontextprotocol/client";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { type Answer, call, connectAgent, endAgents, endEngines } from "../../../../tests/support/agents";
import { removeRepositories, TestRepository } from "../repositories.test-support";

afterEach(async () => {
  await endAgents();
  removeRepositories();
});
afterAll(endEngines);

const BEFORE = "export function f(x) {\n  return x == 1;\n}\n";
const AFTER = "export function f(x) {\n  debugger;\n  return x == 1;\n}\n";

function changedTree(): TestRepository {
  const repository = new TestRepository();
  repository.commit({ "src/a.js": BEFORE, "b.py": "x = 1\n" });
  repository.write({ "src/a.js": AFTER });
  return repository;
}

/** No Redline serves from a folder that is not there. */
const agentIn = (repository: TestRepository, more = {}) =>
  connectAgent({ cwd: repository.root, folder: repository.path("no-data"), ...more });

const rules = ({ findings }: Answer) => findings.map(({ rule }: Answer) => rule);
const NEW = ["biome/suspicious/noDebugger"];

describe("review_diff", () => {
  it("tells of the uncommitted changes, of what is staged, and of a range, what they brought", async () => {
    const repository = changedTree();
    const agent = await agentIn(repository);
    expect(rules(await call(agent, "review_diff"))).toEqual(NEW);
    expect(rules(await call(agent, "review_diff", { include_old: true }))).toHaveLength(2);
    expect(rules(await call(agent, "review_diff", { staged: true }))).toEqual([]);
    repository.git("add", "--all");
    expect(rules(await call(agent, "review_diff", { staged: true }))).toEqual(NEW);
    repository.git("commit", "--quiet", "-m", "two");
    expect(rules(await call(agent, "review_diff", { range: "HEAD~1..HEAD" }))).toEqual(NEW);
    await expect(call(agent, "review_diff", { range: "nothing..HEAD" })).rejects.toThrow("nothing");
    await expect(call(agent, "review_diff", { range: "HEAD", staged: true })).rejects.toThrow("Give one");
  });

  const hunk = "@@ -1,3 +1,4 @@\n export function f(x) {\n+  debugger;\n   return x == 1;\n }\n";
  const mail = "From: Ann <ann@example.com>\nSubject: [PATCH] Stop\n\nWhy.\n---\n";
  it.each([
    ["git", `diff --git a/src/a.js b/src/a.js\n--- a/src/a.js\n+++ b/src/a.js\n${hunk}`],
    ["git without prefixes", `diff --git src/a.js src/a.js\n--- src/a.js\n+++ src/a.js\n${hunk}`],
    [
      "GNU diff",
      `--- src/a.js\t2026-01-01 10:00:00.000000000 +0000\n+++ src/a.js\t2026-01-02 10:00:00.000000000 +0000\n${hunk}`,
    ],
    [
      "Subversion",
      `Index: src/a.js\n${"=".repeat(67)}\n--- src/a.js\t(revision 1)\n+++ src/a.js\t(working copy)\n${hunk}`,
    ],
    [
      "Mercurial",
      `diff -r 1234567890ab src/a.js\n--- a/src/a.js\tThu Jan 01 00:00:00 2026 +0000\n+++ b/src/a.js\tFri Jan 02 00:00:00 2026 +0000\n${hunk}`,
    ],
    ["a mail", `${mail}diff --git a/src/a.js b/src/a.js\n--- a/src/a.js\n+++ b/src/a.js\n${hunk}`],
  ])("reads a diff of %s, whether or not it is applied", async (_, diff) => {
    const applied = changedTree();
    const ahead = new TestRepository();
    ahead.commit({ "src/a.js": BEFORE });
    const fresh = new TestRepository({ isRepository: false });
    fresh.write({ "src/a.js": BEFORE });
    for (const repository of [applied, ahead, fresh]) {
      const agent = await agentIn(repository);
      const { findings, summary } = await call(agent, "review_diff", { diff });
      expect(findings.map(({ rule, line, path }: Answer) => [rule, line, path])).toEqual([[NEW[0], 2, "src/a.js"]]);
      expect(summary.head).toBe("the diff");
    }
  });

  it("says of a diff of other files that they are not at hand, and of a text that is none that it is none", async () => {
    const agent = await agentIn(changedTree());
    const diff = "--- a/x.js\n+++ b/x.js\n@@ -1 +1 @@\n-let a;\n+debugger;\n";
    const { findings, notCovered } = await call(agent, "review_diff", { diff });
    expect(findings).toEqual([]);
    expect(notCovered).toMatchObject([{ path: "x.js", state: "skipped", reason: expect.stringContaining("in part") }]);
    await expect(call(agent, "review_diff", { diff: "hello" })).rejects.toThrow("can't be read");
  });

  it("reads what git's own diff prints of a new file and a renamed one", async () => {
    const repository = changedTree();
    repository.git("mv", "b.py", "c.py");
    repository.write({ "new.py": "import os\n" });
    repository.git("add", "--all");
    const diff = execFileSync("git", ["diff", "--cached", "-M"], { cwd: repository.root, encoding: "utf8" });
    expect(rules(await call(await agentIn(repository), "review_diff", { diff })).sort()).toEqual([...NEW, "ruff/F401"]);
  });
});

it("review_files reviews whole files, and says which it could not", async () => {
  const repository = changedTree();
  const { findings, notCovered } = await call(await agentIn(repository), "review_files", {
    paths: [repository.path("src/a.js"), "missing.ts"],
  });
  expect(findings).toHaveLength(2);
  expect(notCovered).toMatchObject([{ path: "missing.ts", state: "skipped" }]);
});

it("tells of progress file by file, and ends when the client cancels", async () => {
  const repository = new TestRepository();
  const names = Array.from({ length: 30 }, (_, at) => `f${at}.py`);
  repository.write(Object.fromEntries(names.map((name) => [name, "import os\n"])));
  const agent = await agentIn(repository);
  const seen: string[] = [];
  await call(agent, "review_files", { paths: names }, { onprogress: ({ message }: Answer) => seen.push(message) });
  expect(seen).toEqual(names.map((name) => `Reviewed ${name}`));
  const cancelled = new AbortController();
  let told = 0;
  const onprogress = () => {
    told++;
    cancelled.abort("enough");
  };
  const review = call(agent, "review_files", { paths: names }, { signal: cancelled.signal, onprogress });
  await expect(review).rejects.toThrow();
  // The engines are free for the next one.
  expect((await call(agent, "review_files", { paths: ["f0.py"] })).findings).toHaveLength(1);
  expect(told).toBeLessThan(names.length);
});

it("explains rules, lists them as resources, and has prompts, without Redline serving", async () => {
  const agent = await agentIn(changedTree());
  expect(await call(agent, "explain_finding", { rule: "F401" })).toMatchObject({ rule: { id: "ruff/F401" } });
  await expect(call(agent, "explain_finding", { rule: "nothing" })).rejects.toThrow('no rule "nothing"');
  const { resources } = await agent.listResources();
  expect(resources.map(({ uri }) => uri)).toEqual(["redline://sessions", "redline://rules"]);
  expect(await textOf(agent, "redline://sessions")).toEqual({ sessions: [] });
  expect((await textOf(agent, "redline://rules")).rules.length).toBeGreaterThan(100);
  expect(await textOf(agent, "redline://rules/ruff/F401")).toMatchObject({ id: "ruff/F401" });
  const { prompts } = await agent.listPrompts();
  expect(prompts.map(({ name }) => name)).toEqual(["review_changes", "propose_edits", "answer_threads"]);
  const { messages } = await agent.getPrompt({ name: "review_changes", arguments: { range: "main...HEAD" } });
  expect(JSON.stringify(messages)).toContain("main...HEAD");
});

async function textOf(agent: Client, uri: string): Promise<Answer> {
  const { contents } = await agent.readResource({ uri });
  const [content] = contents as { text: string }[];
  return JSON.parse(content?.text ?? "");
}
