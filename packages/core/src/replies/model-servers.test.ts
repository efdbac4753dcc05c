import type { LogEvent } from "@redline/core/platform/event-log";
import { describe, expect, it } from "vitest";
import { ask, eventsOf, getReply, readReplyEvents, withModel } from "../../../../tests/support/conversation";
import { FAULTS } from "../../../../tests/support/model-server/index";
import { pasteSession, withProduct } from "../../../../tests/support/product";
import type { ReplyEvent } from "../threads/schema";
import { listCalls } from "../usage/index";
import { continueReply, followReply, stopReply } from "./index";

const product = withProduct();
const model = withModel({ protocol: "openai", llamaCpp: { slots: 1, contextTokens: 8_192 } });
const CODE = "export const one = 1;\nexport const two = 2;\n";
const paste = () => pasteSession(product.actor, { "a.ts": CODE });

const doingIn = (entries: readonly LogEvent<ReplyEvent>[]) =>
  eventsOf(entries).flatMap((event) => (event.type === "progress" ? event.text : []));

/** Resolves once the reply's followers are told that something is done. */
async function untilDoing(logId: string): Promise<void> {
  const input = { logId, after: 0, signal: AbortSignal.timeout(600_000) };
  for await (const { event } of await followReply(product.actor, input)) if (event.type === "progress") return;
}

async function callsOf({ threadId }: { threadId: string }) {
  const day = new Date().toISOString().slice(0, 10);
  const { calls } = await listCalls(product.actor, { teamId: product.actor.personalTeamId, from: day, to: day });
  return calls.filter(({ about }) => about.kind === "message" && about.threadId === threadId);
}

describe("a reply by a server with one slot", () => {
  it("is shown as waiting while another is written, and costs nothing when it is stopped before its turn", async () => {
    const session = await paste();
    model.server.answer({ text: "x".repeat(2_000), chunkChars: 1, delayMs: 50 });
    const first = await ask(product.actor, session);
    const reading = readReplyEvents(product.actor, first.logId);
    await expect.poll(() => model.server.calls.length).toBe(1);
    const second = await ask(product.actor, session, { text: "And this?" });
    const waiting = readReplyEvents(product.actor, second.logId);
    await expect.poll(() => model.server.llamaCpp?.queued).toBe(1);
    await untilDoing(second.logId);
    await stopReply(product.actor, second.at);
    expect(doingIn(await waiting)).toEqual(["Waiting for the model…"]);
    expect((await getReply(product.actor, second)).reply.status).toBe("stopped");
    expect(await callsOf(second.at)).toMatchObject([{ status: "cancelled", inputTokens: 0, outputTokens: 0 }]);
    await stopReply(product.actor, first.at);
    await reading;
  });

  it("is shown as waiting while the model loads, and is in the ledger as one call", async () => {
    model.server.llamaCpp?.load(600_000);
    model.server.answer({ text: "Ready." });
    const pending = await ask(product.actor, await paste());
    const doing: string[] = [];
    const input = { logId: pending.logId, after: 0, signal: AbortSignal.timeout(600_000) };
    for await (const { event } of await followReply(product.actor, input)) {
      if (event.type !== "progress") continue;
      doing.push(event.text);
      model.server.llamaCpp?.load(0);
    }
    expect(doing[0]).toBe("The model is loading…");
    expect(await getReply(product.actor, pending)).toMatchObject({ text: "Ready.", reply: { status: "done" } });
    expect(await callsOf(pending.at)).toHaveLength(1);
  });

  it("keeps its text when the context is full, and reports that", async () => {
    const usage = { inputTokens: 1_100, outputTokens: 7_000 };
    model.server.answer({ text: "It ends in the", stop: "length", usage });
    const pending = await ask(product.actor, await paste());
    await readReplyEvents(product.actor, pending.logId);
    const { text, reply } = await getReply(product.actor, pending);
    expect([text, reply.status, reply.error]).toEqual([
      "It ends in the",
      "truncated",
      { code: "TOKEN_LIMIT_EXCEEDED", message: expect.stringMatching(/context is full\. The text so far is kept\./) },
    ]);
    // Once its server has a larger one, it can be gone on with.
    model.server.answer({ text: " middle of it." });
    await readReplyEvents(product.actor, (await continueReply(product.actor, pending.at)).logId);
    expect((await getReply(product.actor, pending)).text).toBe("It ends in the middle of it.");
  });

  it("keeps the text that a fault of the server follows", async () => {
    model.server.answer(FAULTS.unreadableEnd);
    const pending = await ask(product.actor, await paste());
    await readReplyEvents(product.actor, pending.logId);
    const { text, reply } = await getReply(product.actor, pending);
    expect([text, reply.status]).toEqual([FAULTS.unreadableEnd.text, "failed"]);
    expect(reply.error?.message).toMatch(/wrote its answer to the end.*The text so far is kept\./);
  });

  it("fails when the model only reasons until its limit", async () => {
    model.server.answer({ text: "<think>Hm, hm, hm", stop: "length" });
    const pending = await ask(product.actor, await paste());
    await readReplyEvents(product.actor, pending.logId);
    const { text, reply } = await getReply(product.actor, pending);
    expect([text, reply.status, reply.error?.message]).toEqual([
      "",
      "failed",
      expect.stringMatching(/before its first/),
    ]);
  });

  it("retracts text that turns out to be reasoning, also for its followers", async () => {
    model.server.answer({ text: "The user wants a reply.\n</think>\n\nIt is one.", chunkChars: 6 });
    const pending = await ask(product.actor, await paste());
    const events = eventsOf(await readReplyEvents(product.actor, pending.logId));
    expect((await getReply(product.actor, pending)).text).toBe("It is one.");
    const followed = events.reduce((text, event) => {
      if (event.type === "kept") return text.slice(0, event.chars);
      return event.type === "text" ? text + event.text : text;
    }, "");
    expect(followed).toBe("It is one.");
  });

  it("proposes what a model called in its text", async () => {
    const edits = [
      {
        path: "a.ts",
        start_line: 1,
        end_line: 1,
        original: "export const one = 1;",
        replacement: "export const one = 11;",
      },
    ];
    const call = { name: "propose_change", arguments: { summary: "Make it eleven", edits } };
    model.server.answer({ text: `So:\n\n<tool_call>\n${JSON.stringify(call)}\n</tool_call>`, chunkChars: 5 });
    const pending = await ask(product.actor, await paste(), { text: "Make it eleven." });
    await readReplyEvents(product.actor, pending.logId);
    const { text, reply } = await getReply(product.actor, pending);
    expect([text?.trim(), reply.status]).toEqual(["So:", "done"]);
    expect(reply.proposals).toMatchObject([{ kind: "change", summary: "Make it eleven" }]);
  });
});
