import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { withProduct } from "../../../../tests/support/product";
import { applyChange, rejectChange, undoVersion } from "../changes/index";
import { newChangeId } from "../changes/schema";
import { getCodebase, readFile } from "../codebases/index";
import { getSession, trashSession } from "../sessions/index";
import { getThread, openThread, postMessage } from "../threads/index";
import { newMessageId, newThreadId } from "../threads/schema";
import { getDecision, openTreeSession, proposeAsAgent, replyAsAgent } from "./index";

const product = withProduct();

const BASE = Array.from({ length: 30 }, (_, at) => `export const v${at} = ${at};\n`).join("");
/** Changes these lines (from 0) of a text. */
const edited = (text: string, lines: Record<number, string>): string =>
  text
    .split("\n")
    .map((line, at) => lines[at] ?? line)
    .join("\n");
const THREE = { 2: "export const v2 = 20;", 12: "export const v12 = 120;", 22: "export const v22 = 220;" };

const treeKey = (name: string) => createHash("sha256").update(name).digest("hex");

async function open(files: Record<string, string> = { "a.ts": BASE }, name = crypto.randomUUID()) {
  const sent = Object.entries(files).map(([path, text]) => ({ path, text }));
  return openTreeSession(product.actor, { key: treeKey(name), name: "tree", files: sent });
}

type Sent = { path: string; before: string | null; after: string | null };

const proposal = (sessionId: string, files: Sent[]) => ({
  ...{ sessionId, threadId: newThreadId(), messageId: newMessageId(), agent: "Agent one", summary: "Multiply", files },
  text: "They are too small.",
});

async function proposed(before = BASE, after = edited(BASE, THREE)) {
  const session = await open({ "a.ts": before });
  const sent = proposal(session.id, [{ path: "a.ts", before, after }]);
  const made = await proposeAsAgent(product.actor, sent);
  const decide = async () => getDecision(product.actor, { sessionId: session.id, changeId: made.changeId });
  return { session, sent, made, decide, codebaseId: session.codebaseId };
}

const decisions = ({ hunks }: Awaited<ReturnType<typeof getDecision>>) => hunks.map(({ decision }) => decision);
const textOf = async (codebaseId: string) => (await readFile(product.actor, { codebaseId, path: "a.ts" })).text;

describe("a change that an agent proposes", () => {
  it("stands in a thread on its lines, in the agent's name, with evidence, and changes no code", async () => {
    const { session, made } = await proposed();
    expect(made).toMatchObject({ version: 1, hunks: 3, evidence: { parses: true, added: [] } });
    const { thread, messages } = await getThread(product.actor, { sessionId: session.id, threadId: made.threadId });
    expect(thread).toMatchObject({ path: "a.ts", creatorName: "Agent one", anchor: { startLine: 3, endLine: 3 } });
    expect(messages).toMatchObject([
      {
        author: { kind: "agent", name: "Agent one" },
        text: "They are too small.",
        proposals: [{ kind: "change", changeId: made.changeId, summary: "Multiply", paths: ["a.ts"] }],
      },
    ]);
    expect(await textOf(session.codebaseId)).toBe(BASE);
  });

  it("is proposed once, however often it is sent", async () => {
    const { session, sent, made } = await proposed();
    expect((await proposeAsAgent(product.actor, sent)).changeId).toBe(made.changeId);
    const { thread } = await getThread(product.actor, { sessionId: session.id, threadId: made.threadId });
    expect(thread.count).toBe(1);
  });

  it("is decided by hunk, and its agent is told which as it numbered them", async () => {
    const { made, decide, codebaseId } = await proposed();
    expect(await decide()).toMatchObject({ status: "open", applied: [] });
    const first = await applyChange(product.actor, { codebaseId, changeId: made.changeId, hunks: [1] });
    const restId = first.outcome === "applied" ? first.restId : undefined;
    expect(decisions(await decide())).toEqual(["open", "accepted", "open"]);
    await rejectChange(product.actor, { codebaseId, changeId: restId ?? "", hunks: [0] });
    expect(decisions(await decide())).toEqual(["rejected", "accepted", "open"]);
    const { changeId = "" } = { changeId: await standing(codebaseId, restId ?? "") };
    await applyChange(product.actor, { codebaseId, changeId });
    const decided = await decide();
    expect(decisions(decided)).toEqual(["rejected", "accepted", "accepted"]);
    expect(decided.status).toBe("decided");
    expect(decided.hunks.map(({ startLine }) => startLine)).toEqual([3, 13, 23]);
    expect(decided.applied.map(({ version, files }) => [version, files[0]?.path])).toEqual([
      [2, "a.ts"],
      [3, "a.ts"],
    ]);
    expect(decided.applied.at(-1)?.files[0]?.after).toBe(edited(BASE, { 12: THREE[12], 22: THREE[22] }));
  });

  it("is rejected as a whole", async () => {
    const { made, decide, codebaseId } = await proposed();
    await rejectChange(product.actor, { codebaseId, changeId: made.changeId });
    expect(await decide()).toMatchObject({ status: "decided", applied: [] });
    expect(decisions(await decide())).toEqual(["rejected", "rejected", "rejected"]);
  });

  it("tells of an accepted version that was undone", async () => {
    const { made, decide, codebaseId } = await proposed();
    await applyChange(product.actor, { codebaseId, changeId: made.changeId });
    await undoVersion(product.actor, { codebaseId, version: 2, changeId: newChangeId() });
    const decided = await decide();
    expect(decisions(decided)).toEqual(["undone", "undone", "undone"]);
    expect(decided.applied).toEqual([]);
  });

  it("brings people's notes back, and none of its own or of before", async () => {
    const { session, made, decide } = await proposed();
    const at = { sessionId: session.id, threadId: made.threadId };
    const note = { ...at, id: newMessageId(), text: "Why not 200?", wantsReply: false };
    await postMessage(product.actor, note);
    await replyAsAgent(product.actor, { ...at, messageId: newMessageId(), agent: "Agent one", text: "As asked." });
    expect((await decide()).notes).toMatchObject([{ text: "Why not 200?" }]);
    const next = { ...proposal(session.id, []), ...at, continues: true };
    const files = [{ path: "a.ts", before: BASE, after: edited(BASE, { 2: "export const v2 = 200;" }) }];
    const second = await proposeAsAgent(product.actor, { ...next, files });
    const decision = await getDecision(product.actor, { sessionId: session.id, changeId: second.changeId });
    expect(decision.notes).toEqual([]);
  });

  it("that conflicts with the session's code, changes nothing or continues no thread is refused, and nothing is written", async () => {
    const { session } = await proposed();
    const before = edited(BASE, { 2: "export const v2 = 3;" });
    const files = (after: string) => [{ path: "a.ts", before, after }];
    const conflicting = proposal(session.id, files(edited(BASE, { 2: "export const v2 = 4;" })));
    await expect(proposeAsAgent(product.actor, conflicting)).rejects.toMatchObject({ code: "CHANGE_REFUSED" });
    const same = proposal(session.id, [{ path: "a.ts", before: BASE, after: BASE }]);
    await expect(proposeAsAgent(product.actor, same)).rejects.toMatchObject({ code: "CHANGE_REFUSED" });
    const lost = { ...proposal(session.id, files(BASE)), continues: true };
    await expect(proposeAsAgent(product.actor, lost)).rejects.toMatchObject({ code: "THREAD_NOT_FOUND" });
    for (const { threadId } of [conflicting, same, lost]) {
      const read = getThread(product.actor, { sessionId: session.id, threadId });
      await expect(read).rejects.toMatchObject({ code: "THREAD_NOT_FOUND" });
    }
  });

  it("is made of the agent's copy, and placed on code that moved on since", async () => {
    const { session, made, codebaseId } = await proposed();
    await applyChange(product.actor, { codebaseId, changeId: made.changeId, hunks: [0] });
    const sent = proposal(session.id, [{ path: "a.ts", before: BASE, after: `${BASE}export const last = 1;\n` }]);
    const second = await proposeAsAgent(product.actor, sent);
    await applyChange(product.actor, { codebaseId, changeId: second.changeId });
    expect(await textOf(codebaseId)).toBe(`${edited(BASE, { 2: THREE[2] })}export const last = 1;\n`);
  });

  it("adds a file, and deletes one", async () => {
    const session = await open({ "a.ts": BASE, "new.ts": "" });
    const files = [
      { path: "new.ts", before: null, after: "export {};\n" },
      { path: "a.ts", before: BASE, after: null },
    ];
    const made = await proposeAsAgent(product.actor, proposal(session.id, files));
    await applyChange(product.actor, { codebaseId: session.codebaseId, changeId: made.changeId });
    const { applied, hunks } = await getDecision(product.actor, { sessionId: session.id, changeId: made.changeId });
    expect(hunks.map(({ path, decision }) => [path, decision])).toEqual([
      ["new.ts", "accepted"],
      ["a.ts", "accepted"],
    ]);
    expect(applied[0]?.files).toEqual([
      { path: "new.ts", before: "", after: "export {};\n" },
      { path: "a.ts", before: BASE, after: null },
    ]);
  });

  it("of nobody's is no decision to read", async () => {
    const { session } = await proposed();
    const changeId = newChangeId();
    const read = getDecision(product.actor, { sessionId: session.id, changeId });
    await expect(read).rejects.toMatchObject({ code: "CHANGE_NOT_FOUND" });
  });
});

/** The change that a person sees in place of a superseded one. */
async function standing(codebaseId: string, changeId: string): Promise<string> {
  const { changesOnHead } = await import("../changes/internal");
  const codebase = await getCodebase(product.actor, { id: codebaseId });
  const [change] = await changesOnHead(codebase, [changeId]);
  return change?.change.id ?? "";
}

describe("the session of a work tree", () => {
  it("is one for all its agents, and gets the files that it lacks", async () => {
    const name = crypto.randomUUID();
    const opened = await Promise.all(["a.ts", "b.ts", "c.ts"].map((path) => open({ [path]: `${path}\n` }, name)));
    expect(new Set(opened.map(({ id }) => id)).size).toBe(1);
    const { tree } = await getCodebase(product.actor, { id: opened[0]?.codebaseId ?? "" });
    expect(tree.map(({ path }) => path)).toEqual(["a.ts", "b.ts", "c.ts"]);
  });

  it("takes what was edited in the tree, merged with what was accepted and is not written there yet", async () => {
    const name = crypto.randomUUID();
    const session = await open({ "a.ts": BASE }, name);
    const { codebaseId } = session;
    const sent = proposal(session.id, [{ path: "a.ts", before: BASE, after: edited(BASE, { 2: THREE[2] }) }]);
    const made = await proposeAsAgent(product.actor, sent);
    await applyChange(product.actor, { codebaseId, changeId: made.changeId });
    await open({ "a.ts": BASE }, name);
    expect(await textOf(codebaseId)).toBe(edited(BASE, { 2: THREE[2] }));
    await open({ "a.ts": edited(BASE, { 25: "export const v25 = 7;" }) }, name);
    expect(await textOf(codebaseId)).toBe(edited(BASE, { 2: THREE[2], 25: "export const v25 = 7;" }));
    await open({ "a.ts": edited(BASE, { 25: "export const v25 = 8;" }) }, name);
    expect(await textOf(codebaseId)).toBe(edited(BASE, { 2: THREE[2], 25: "export const v25 = 8;" }));
  });

  it("is another once the first is in the trash", async () => {
    const name = crypto.randomUUID();
    const first = await open({ "a.ts": BASE }, name);
    await trashSession(product.actor, { id: first.id });
    const second = await open({ "a.ts": BASE }, name);
    expect(second.id).not.toBe(first.id);
    expect((await getSession(product.actor, { id: second.id })).trashedAt).toBeUndefined();
  });

  it("is not a reader's to write", async () => {
    const designer = { ...product.actor, teams: { tea_local: "designer" as const } };
    const input = { key: treeKey("x"), name: "tree", files: [{ path: "a.ts", text: "" }] };
    await expect(openTreeSession(designer, input)).rejects.toMatchObject({ code: "FORBIDDEN" });
  });
});

describe("an agent's message", () => {
  it("can't be edited as a person's own, and is no note", async () => {
    const session = await open();
    const at = { sessionId: session.id, threadId: newThreadId() };
    const first = { id: newMessageId(), text: "What is this?", wantsReply: false };
    await openThread(product.actor, { ...at, path: "a.ts", message: first });
    const said = { ...at, messageId: newMessageId(), agent: "Agent two", text: "Constants." };
    const [one, two] = [await replyAsAgent(product.actor, said), await replyAsAgent(product.actor, said)];
    expect([one.number, two.number]).toEqual([2, 2]);
    const { editMessage } = await import("../threads/index");
    const edit = editMessage(product.actor, { ...at, number: 2, text: "Mine now." });
    await expect(edit).rejects.toMatchObject({ code: "FORBIDDEN" });
  });
});
