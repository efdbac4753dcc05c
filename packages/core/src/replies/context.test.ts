import { saveFiles } from "@redline/core/changes/index";
import { newChangeId } from "@redline/core/changes/schema";
import { saveInstructions } from "@redline/core/settings/index";
import { postMessage } from "@redline/core/threads/index";
import { newMessageId, replyLogId } from "@redline/core/threads/schema";
import { describe, expect, it } from "vitest";
import { ask, eventsOf, getReply, readReplyEvents, withModel, wordsOf } from "../../../../tests/support/conversation";
import { pasteSession, withProduct } from "../../../../tests/support/product";

const product = withProduct();
const model = withModel();

/** Over 80,000 tokens, and no reviewer's business. */
const LONG_FILE = Array.from({ length: 8_000 }, (_, at) => `line ${at + 1} ${"word ".repeat(8)}\n`).join("");
const toldOf = (call = model.server.calls[0]) => call?.messages.map(({ text }) => text).join("\n") ?? "";

describe("a prompt", () => {
  it("of a long file holds the selection with fifty lines around it, as the reply shows", async () => {
    const session = await pasteSession(product.actor, { "long.txt": LONG_FILE });
    const pending = await ask(product.actor, session, { path: "long.txt", startLine: 4_000, endLine: 4_001 });
    await readReplyEvents(product.actor, pending.logId);
    expect((await getReply(product.actor, pending)).reply.context).toEqual({
      kind: "local",
      path: "long.txt",
      startLine: 3_950,
      endLine: 4_051,
    });
    expect(toldOf()).toContain("3950 | line 3950");
    expect(toldOf()).not.toContain("3949 |");
  });

  it("is refused for a long file without a selection, before anything is spent", async () => {
    const session = await pasteSession(product.actor, { "long.txt": LONG_FILE });
    const pending = await ask(product.actor, session, { path: "long.txt" });
    const entries = await readReplyEvents(product.actor, pending.logId);
    expect(eventsOf(entries).at(-1)).toMatchObject({
      type: "end",
      status: "failed",
      error: { code: "TOKEN_LIMIT_EXCEEDED", message: expect.stringContaining("Select") },
    });
    expect(model.server.requests).toHaveLength(0);
  });

  it("is the code as it was when the question was posted, though it has changed since", async () => {
    const session = await pasteSession(product.actor, { "a.ts": "export const was = 1;\n" });
    const pending = await ask(product.actor, session, { startLine: 1 });
    const files = [{ path: "a.ts", text: "// moved down\nexport const is = 1;\n" }];
    const { codebaseId } = session;
    await saveFiles(product.actor, { codebaseId, base: 1, changeId: newChangeId(), files });
    await readReplyEvents(product.actor, pending.logId);
    expect(toldOf()).toContain("1 | export const was = 1;");
    expect(toldOf()).not.toContain("export const is");
  });

  it("ends with the asker's own instructions, and has the last ten messages and no more", async () => {
    await saveInstructions(product.actor, { instructions: "Answer in haiku." });
    model.server.script(() => ({ text: "Noted." }));
    const session = await pasteSession(product.actor, { "a.ts": "export const one = 1;\n" });
    const pending = await ask(product.actor, session, { text: "Question number 0" });
    await readReplyEvents(product.actor, pending.logId);
    let { number } = pending.at;
    for (let at = 1; at <= 6; at += 1) {
      const message = { id: newMessageId(), text: `Question number ${at}`, wantsReply: true };
      const { sessionId, threadId } = pending.at;
      number = (await postMessage(product.actor, { sessionId, threadId, ...message })).replyNumber ?? 0;
      await readReplyEvents(product.actor, replyLogId(sessionId, threadId, number, 1));
    }
    const last = model.server.calls.at(-1);
    expect(last?.system.trimEnd()).toMatch(/Answer in haiku\.$/);
    expect(toldOf(last)).not.toContain("Question number 1");
    expect(toldOf(last)).toContain("Question number 2");
    expect(last?.lastText).toContain("Question number 6");
    await saveInstructions(product.actor, { instructions: "" });
  });
});

describe("a model that does not stop", () => {
  it("is cut off at the maximum reply length, and the reply can be continued", async () => {
    const session = await pasteSession(product.actor, { "a.ts": "export const one = 1;\n" });
    const pending = await ask(product.actor, session);
    model.server.answer({ text: "more and ".repeat(12_000), chunkChars: 1_000, delayMs: 1 });
    const entries = await readReplyEvents(product.actor, pending.logId);
    const { text, reply } = await getReply(product.actor, pending);
    expect(reply.status).toBe("truncated");
    expect(text).toBe(wordsOf(entries));
    expect(text?.length).toBeLessThan(70_000);
  });
});
