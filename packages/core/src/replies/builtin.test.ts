import { retryReply } from "@redline/core/replies/index";
import { listFindings } from "@redline/core/review/index";
import { chooseResponder } from "@redline/core/threads/internal";
import { describe, expect, it } from "vitest";
import { ask, getReply, readReplyEvents, withoutModel, wordsOf } from "../../../../tests/support/conversation";
import { pasteSession, reviewVersion, withProduct } from "../../../../tests/support/product";

const product = withProduct();
withoutModel();
const CODE = "export function f() {\n  debugger;\n  return 1;\n}\n";

async function reviewed() {
  const session = await pasteSession(product.actor, { "a.ts": CODE });
  await reviewVersion(session, 1);
  const [finding] = await listFindings(product.actor, { sessionId: session.id });
  if (!finding) throw new Error("no finding");
  return { session, finding };
}

describe("without a model", () => {
  it("explains a finding of the built-in reviewer with the rule's rationale", async () => {
    const { session, finding } = await reviewed();
    const pending = await ask(product.actor, session, { messageKind: "explain", finding: finding.identity });
    const entries = await readReplyEvents(product.actor, pending.logId);
    const { text, author, reply } = await getReply(product.actor, pending);
    expect(author).toMatchObject({ kind: "reviewer", name: "Built-in reviewer" });
    expect(reply).toMatchObject({ status: "done", model: "builtin" });
    expect(reply.usage).toBeUndefined();
    expect(text).toContain(finding.rule);
    expect(text).toContain("Instead of");
    expect(text).toBe(wordsOf(entries));
  });

  it("fixes a finding on the lines with its verified fix", async () => {
    const { session, finding } = await reviewed();
    const pending = await ask(product.actor, session, { messageKind: "fix", startLine: 2, endLine: 2 });
    await readReplyEvents(product.actor, pending.logId);
    expect((await getReply(product.actor, pending)).reply.proposals).toMatchObject([
      { kind: "change", changeId: finding.fix?.changeId, paths: ["a.ts"] },
    ]);
  });

  it("refuses what it cannot reply to, naming the setting, and stores nothing", async () => {
    const { session } = await reviewed();
    await expect(ask(product.actor, session, { text: "Why?" })).rejects.toMatchObject({
      code: "MODEL_REQUIRED",
      message: expect.stringContaining("REDLINE_MODEL"),
    });
    await expect(ask(product.actor, session, { messageKind: "explain", startLine: 3 })).rejects.toMatchObject({
      code: "MODEL_REQUIRED",
    });
  });

  it("tells whether a model or the built-in reviewer would reply", () => {
    expect(chooseResponder("explain", { hasBuiltinFinding: true })).toEqual({ by: "builtin" });
    expect(chooseResponder("fix", { hasBuiltinFinding: true })).toEqual({ by: "builtin" });
    expect(chooseResponder("ask", { hasBuiltinFinding: true })).toMatchObject({ by: null });
    expect(chooseResponder("fix", { hasBuiltinFinding: false })).toMatchObject({
      by: null,
      reason: expect.stringContaining("REDLINE_MODEL"),
    });
  });

  it("does not write a reply again that has ended", async () => {
    const { session, finding } = await reviewed();
    const pending = await ask(product.actor, session, { messageKind: "explain", finding: finding.identity });
    await readReplyEvents(product.actor, pending.logId);
    await expect(retryReply(product.actor, pending.at)).rejects.toMatchObject({ code: "INVALID_INPUT" });
  });
});
