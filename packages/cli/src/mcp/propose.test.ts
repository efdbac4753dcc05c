import { readFileSync } from "node:fs";
import { listVersions } from "@redline/core/codebases/index";
import { describe, expect, it } from "vitest";
import { type Answer, call } from "../../../../tests/support/agents";
import { openPage } from "../../../../tests/support/open-page";
import { CODE, edit, LINES, now, propose, repositoryWith, withAgents } from "../../../../tests/support/proposals";

const { product, served, agentIn, codebaseOf, decide, note } = withAgents();

describe.each(["2025-11-25", "2026-07-28"] as const)("an agent that speaks %s", (version) => {
  it("proposes, a person decides by hunk with a note, and what was accepted is in the file", async () => {
    const repository = repositoryWith();
    const agent = await agentIn(repository, { version, name: "Claude Code" });
    const proposed = await propose(agent, { edits: edit(2, 50, 100), explanation: "They are **too small**." });
    expect(proposed).toMatchObject({ status: "open", hunks: 3, evidence: { parses: true, added: [] } });
    expect(proposed.url).toContain(`${served.address}/sessions/${proposed.session}?`);
    const page = await openPage(proposed.url.slice(served.address.length));
    expect(page.html).toContain("Claude Code");
    expect(page.html).toContain("too small");
    expect(page.html).toContain(`data-proposal="${proposed.id.split(".")[1]}"`);

    await decide(proposed, "accept", 1);
    await decide(proposed, "reject", 0);
    await note(proposed, "Not line 3.");
    // Meanwhile somebody edits the file.
    repository.write({ "a.ts": `// A new first line\n${CODE}` });
    const decision = await call(agent, "get_decision", { id: proposed.id, ...now });
    expect(decision.hunks.map((hunk: Answer) => hunk.decision)).toEqual(["rejected", "accepted", "open"]);
    expect(decision).toMatchObject({ status: "open", notes: [{ text: "Not line 3." }] });
    expect(decision.workTree).toEqual({ written: ["a.ts"], notWritten: [] });
    const written = readFileSync(repository.path("a.ts"), "utf8");
    expect(written).toBe(`// A new first line\n${CODE.replace(LINES[50] as string, "export const v50 = 5000;\n")}`);
  });
});

describe("a proposed change", () => {
  it("changes no file, and none is written that nobody accepted", async () => {
    const repository = repositoryWith();
    const agent = await agentIn(repository);
    const proposed = await propose(agent, { edits: edit(2), apply: true });
    await call(agent, "get_decision", { id: proposed.id, ...now });
    await decide(proposed, "reject");
    expect(await call(agent, "get_decision", { id: proposed.id })).toMatchObject({ status: "decided" });
    expect(readFileSync(repository.path("a.ts"), "utf8")).toBe(CODE);
  });

  it("is made of edits, of a diff, or of whole files, which are created and deleted", async () => {
    const repository = repositoryWith({ "a.ts": CODE, "old.ts": "export {};\n" });
    const agent = await agentIn(repository);
    const diff = `--- a/a.ts\n+++ b/a.ts\n@@ -1,2 +1,2 @@\n-${LINES[0]}+export const v0 = 7;\n ${LINES[1]}`;
    const files = [
      { path: "new/deep.ts", content: "export const n = 1;\n" },
      { path: "old.ts", content: null },
    ];
    for (const proposed of [await propose(agent, { diff }), await propose(agent, { files })]) {
      await decide(proposed, "accept");
      await call(agent, "get_decision", { id: proposed.id, ...now });
    }
    expect(readFileSync(repository.path("a.ts"), "utf8")).toBe(
      CODE.replace(LINES[0] as string, "export const v0 = 7;\n"),
    );
    expect(readFileSync(repository.path("new/deep.ts"), "utf8")).toBe("export const n = 1;\n");
    expect(() => readFileSync(repository.path("old.ts"))).toThrow("ENOENT");
  });

  it("keeps a file's line ends and byte order mark", async () => {
    const text = "\uFEFFlet a = 1;\r\nlet b = 2;\r\n";
    const repository = repositoryWith({ "a.ts": text });
    const agent = await agentIn(repository);
    const edits = [{ path: "a.ts", search: "let b = 2;", replace: "let b = 3;" }];
    const proposed = await propose(agent, { edits });
    await decide(proposed, "accept");
    await call(agent, "get_decision", { id: proposed.id, ...now });
    expect(readFileSync(repository.path("a.ts"), "utf8")).toBe(text.replace("2", "3"));
  });

  it("is left out of a file whose lines were edited meanwhile, and its agent is told so", async () => {
    const repository = repositoryWith();
    const agent = await agentIn(repository);
    const proposed = await propose(agent, { edits: edit(2) });
    await decide(proposed, "accept");
    const own = CODE.replace(LINES[2] as string, "export const v2 = -1;\n");
    repository.write({ "a.ts": own });
    const { workTree } = await call(agent, "get_decision", { id: proposed.id, ...now });
    expect(workTree).toMatchObject({ written: [], notWritten: [{ path: "a.ts" }] });
    expect(readFileSync(repository.path("a.ts"), "utf8")).toBe(own);
  });

  it("counts findings before and after", async () => {
    const agent = await agentIn(repositoryWith({ "a.js": "export function f() {\n  debugger;\n}\n" }));
    const edits = [{ path: "a.js", search: "  debugger;\n", replace: "" }];
    const { findings, evidence } = await propose(agent, { edits });
    expect(findings).toMatchObject({ before: { major: 1 }, after: { major: 0 } });
    expect(evidence.removed).toMatchObject([{ rule: "biome/suspicious/noDebugger", line: 2 }]);
  });

  it.each([
    ["does not fit the file", { edits: [{ path: "a.ts", search: "nothing like it\n", replace: "" }] }],
    ["changes nothing", { files: [{ path: "a.ts", content: CODE }] }],
    ["names no file of the tree", { edits: [{ path: "b.ts", search: "x\n", replace: "" }] }],
    ["comes in two forms", { edits: edit(1), files: [{ path: "a.ts", content: "" }] }],
    ["is no text", { files: [{ path: "a.ts", content: "a\0b" }] }],
    ["is too large", { files: [{ path: "a.ts", content: "x".repeat(5 * 1024 * 1024 + 1) }] }],
  ])("that %s is refused", async (_, args) => {
    const agent = await agentIn(repositoryWith());
    const before = served.requests.length;
    await expect(propose(agent, args)).rejects.toThrow(/\.|small|large/);
    expect(served.requests.length).toBe(before);
  });

  it("that does not fit is refused in whole sentences", async () => {
    const agent = await agentIn(repositoryWith());
    const refused = propose(agent, { edits: [{ path: "a.ts", search: "nothing like it\n", replace: "" }] });
    await expect(refused).rejects.toThrow(/^a\.ts: The search text [^.]*\. Read the file again, and propose anew\.$/);
  });

  it("is applied at once only where the owner allowed it, in the agent's name", async () => {
    const repository = repositoryWith();
    const agent = await agentIn(repository, { name: "Bold", host: { allowApply: true } });
    const proposed = await propose(agent, { edits: edit(2), apply: true });
    expect(proposed).toMatchObject({ status: "applied", workTree: { written: ["a.ts"] } });
    expect(readFileSync(repository.path("a.ts"), "utf8")).toContain("export const v2 = 200;");
    const { versions } = await listVersions(product.actor, { codebaseId: (await codebaseOf(proposed)).id });
    expect(versions[0]).toMatchObject({ kind: "apply", authorName: "Bold" });
  });

  it("continues the thread in which a person answered", async () => {
    const agent = await agentIn(repositoryWith());
    const first = await propose(agent, { edits: edit(2) });
    await call(agent, "reply", { thread: first.thread, text: "Another way:" });
    const second = await propose(agent, { edits: edit(3), thread: first.thread });
    expect([second.session, second.thread]).toEqual([first.session, first.thread]);
    const { messages } = await call(agent, "list_threads", { thread: first.thread });
    expect(messages.map(({ by, changes }: Answer) => [by, changes?.length ?? 0])).toEqual([
      ["agent", 1],
      ["agent", 0],
      ["agent", 1],
    ]);
    expect(await call(agent, "list_threads", {})).toMatchObject({ threads: [{ id: first.thread, messages: 3 }] });
  });
});
