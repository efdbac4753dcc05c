import { applyChange } from "@redline/core/changes/index";
import { readFile } from "@redline/core/codebases/index";
import { describe, expect, it } from "vitest";
import { ask, getReply, readReplyEvents, withModel, wordsOf } from "../../../../tests/support/conversation";
import { pasteSession, withProduct } from "../../../../tests/support/product";

const product = withProduct();
const model = withModel({ protocol: "openai", withoutTools: "refused" });
const CODE = "export function add(a: number, b: number) {\n  return a - b;\n}\n";
const FIXED = CODE.replace("a - b", "a + b");

const FORMATS = {
  "a JSON object": JSON.stringify({
    explanation: "It subtracts.",
    suggested_code: "  return a + b;",
    patch: { start_line: 2, end_line: 2, replacement: "  return a + b;" },
    confidence: "high",
  }),
  "search and replace":
    "It subtracts.\n\na.ts\n```ts\n<<<<<<< SEARCH\n  return a - b;\n=======\n  return a + b;\n>>>>>>> REPLACE\n```\n",
  "a unified diff": `It subtracts.\n\n\`\`\`diff\n--- a/a.ts\n+++ b/a.ts\n@@ -1,3 +1,3 @@\n export function add(a: number, b: number) {\n-  return a - b;\n+  return a + b;\n }\n\`\`\`\n`,
};

describe("a model without tools", () => {
  it.each(Object.entries(FORMATS))("suggests with %s, which becomes a change that applies", async (_name, text) => {
    const session = await pasteSession(product.actor, { "a.ts": CODE });
    const pending = await ask(product.actor, session, { messageKind: "fix", startLine: 2 });
    model.server.answer({ text, chunkChars: 5 });
    const entries = await readReplyEvents(product.actor, pending.logId);
    const stored = await getReply(product.actor, pending);
    expect(stored.reply).toMatchObject({ status: "done", proposals: [{ kind: "change", paths: ["a.ts"] }] });
    expect(wordsOf(entries)).toContain("It subtracts.");
    expect(wordsOf(entries)).not.toMatch(/SEARCH|@@|start_line/);
    const [proposal] = stored.reply.proposals;
    const changeId = proposal?.kind === "change" ? proposal.changeId : "";
    expect(await applyChange(product.actor, { codebaseId: session.codebaseId, changeId })).toMatchObject({
      outcome: "applied",
    });
    const { text: now } = await readFile(product.actor, { codebaseId: session.codebaseId, path: "a.ts" });
    expect(now).toBe(FIXED);
    const answered = model.server.calls.at(-1);
    expect(answered?.toolNames).toEqual([]);
    expect(answered?.system).toContain("SEARCH");
  });

  it("repairs in text what does not apply, without showing the text of the repair", async () => {
    const session = await pasteSession(product.actor, { "a.ts": CODE });
    const pending = await ask(product.actor, session, { messageKind: "fix", startLine: 2 });
    const wrong = FORMATS["search and replace"].replace("return a - b", "return nothing");
    model.server.answer({ text: wrong }, { text: `Sorry.\n\n${FORMATS["search and replace"]}` });
    await readReplyEvents(product.actor, pending.logId);
    const stored = await getReply(product.actor, pending);
    expect(stored.reply.proposals).toMatchObject([{ kind: "change" }]);
    expect(stored.text).not.toContain("Sorry");
    expect(model.server.calls.at(-1)?.lastText).toContain("does not apply");
  });

  it("whose reply ends in the middle of a suggestion is reported as cut off there", async () => {
    const session = await pasteSession(product.actor, { "a.ts": CODE });
    const pending = await ask(product.actor, session, { messageKind: "fix", startLine: 2 });
    const [begun = ""] = FORMATS["search and replace"].split("=======");
    model.server.answer({ text: begun, stop: "length" });
    await readReplyEvents(product.actor, pending.logId);
    expect((await getReply(product.actor, pending)).reply).toMatchObject({
      status: "truncated",
      proposals: [{ kind: "text", summary: "A suggestion that was cut off", code: expect.stringContaining("a - b") }],
    });
  });

  it("whose suggestion is for a file outside the session is refused with that reason", async () => {
    const session = await pasteSession(product.actor, { "a.ts": CODE });
    for (const path of ["/etc/a.ts", "C:\\a.ts", "../a.ts", ".git/config"]) {
      const pending = await ask(product.actor, session, { messageKind: "fix", startLine: 2 });
      const text = FORMATS["search and replace"].replace("\na.ts\n", () => `\n${path}\n`);
      model.server.answer({ text }, { text: "I can't." });
      await readReplyEvents(product.actor, pending.logId);
      const { proposals } = (await getReply(product.actor, pending)).reply;
      expect(proposals, path).toMatchObject([{ kind: "text", reason: expect.stringContaining(path) }]);
    }
  });

  it("explains with code blocks that stay code", async () => {
    const session = await pasteSession(product.actor, { "a.ts": CODE });
    const pending = await ask(product.actor, session, { messageKind: "explain", startLine: 2 });
    const text = FORMATS["a unified diff"];
    model.server.answer({ text });
    await readReplyEvents(product.actor, pending.logId);
    expect(await getReply(product.actor, pending)).toMatchObject({ text, reply: { status: "done", proposals: [] } });
  });
});
