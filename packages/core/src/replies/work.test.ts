import { beforeAll, describe, expect, it } from "vitest";
import { ask as askModel, readReplyEvents, withModel } from "../../../../tests/support/conversation";
import { FAULTS } from "../../../../tests/support/model-server/index";
import { pasteSession, reviewVersion, withProduct } from "../../../../tests/support/product";
import {
  claimReply,
  endReply,
  type HeldReply,
  letLeaseRunOut,
  logIdOf,
  performReply,
  readReply,
  renewReply,
  writerOf,
} from "../../../../tests/support/replies";
import { sleep } from "../platform/clock";
import { followLog, readLog } from "../platform/event-log";
import { getSession, trashSession } from "../sessions/index";
import type { Session } from "../sessions/schema";
import { deleteMessage, getThread, openThread, postMessage } from "../threads/index";
import { historyOf, replyItems, toWorkKey } from "../threads/internal";
import { newMessageId, newThreadId, type ReplyEvent, type ReplyKey, replyLogId } from "../threads/schema";
import { continueReply, retryReply, stopReply } from "./index";
import { replyWork } from "./internal";
import { loadTask } from "./task";

const product = withProduct();
const model = withModel();
let session: Session;

beforeAll(async () => {
  session = await pasteSession(product.actor, { "a.ts": "export function f() {\n  debugger;\n}\n" });
  await reviewVersion(session, 1);
});

/** A question in a thread of its own; its reply is pending. */
async function ask(): Promise<ReplyKey> {
  const message = { id: newMessageId(), text: "Why?", messageKind: "explain" as const };
  const at = { sessionId: session.id, threadId: newThreadId(), path: "a.ts", startLine: 2, message };
  await openThread(product.actor, at);
  return { sessionId: session.id, threadId: at.threadId, number: 2 };
}

async function claimed(at: ReplyKey): Promise<HeldReply> {
  const held = await claimReply(at);
  if (!held) throw new Error("not claimed");
  return held;
}

describe("a reply", () => {
  it("is pending until one worker claims it, and only one can", async () => {
    const at = await ask();
    expect(await readReply(at)).toMatchObject({ number: 2, text: "", reply: { status: "pending", question: 1 } });
    const claims = await Promise.all(Array.from({ length: 8 }, () => claimReply(at)));
    const [held, ...others] = claims.filter((each) => each !== undefined);
    expect(others).toEqual([]);
    const task = await loadTask(product.actor, await getSession(product.actor, { id: session.id }), held as HeldReply);
    expect(task).toMatchObject({ attempt: 1, textSoFar: "", thread: { path: "a.ts", anchor: { startLine: 2 } } });
    expect(await readReply(at)).toMatchObject({ text: "", reply: { status: "writing", attempt: 1 } });
    for (const number of [1, 3]) {
      await expect(stopReply(product.actor, { ...at, number })).rejects.toMatchObject({ code: "MESSAGE_NOT_FOUND" });
    }
  });

  it("is stored once with its usage and proposals, and can't be claimed again", async () => {
    const at = await ask();
    const held = await claimed(at);
    const usage = { inputTokens: 10, outputTokens: 5, cachedTokens: 0, estimated: false };
    const proposal = { kind: "text", summary: "Do", code: "x", reason: "No place" } as const;
    const details = { model: "openai:http://a#m", proposals: [proposal], usage, costMicroUsd: 7, totalMs: 9 };
    expect(await endReply(held, "Because.", "done", details)).toBe(true);
    const late = { ...held, claimId: "req_another" };
    expect(await endReply(late, "Otherwise.")).toBe(false);
    const { messages } = await getThread(product.actor, at);
    expect(messages[1]).toMatchObject({
      number: 2,
      text: "Because.",
      author: { kind: "reviewer", name: "openai:http://a#m" },
      reply: { status: "done", proposals: [proposal], usage, costMicroUsd: 7, totalMs: 9 },
    });
    expect(await claimReply(at)).toBeUndefined();
    expect(await renewReply(held)).toBe(false);
    expect((await historyOf(at.threadId, 2, 10)).map((each) => each.text)).toEqual(["Why?", "Because."]);
  });

  it("may be longer than an item should be", async () => {
    const at = await ask();
    const text = "A long reply. ".repeat(40_000);
    expect(await endReply(await claimed(at), text, "truncated")).toBe(true);
    expect(await readReply(at)).toMatchObject({ text });
    const { attempt } = await continueReply(product.actor, at);
    const held = await claimed(at);
    expect(await loadTask(product.actor, session, held)).toMatchObject({ attempt, textSoFar: text });
  });

  it("that was never claimed stops at once, and so does one whose question is deleted", async () => {
    const { actor } = product;
    for (const stop of [stopReply, (_: unknown, at: ReplyKey) => deleteMessage(actor, { ...at, number: 1 })]) {
      const at = await ask();
      await stop(actor, at);
      expect(await readReply(at)).toMatchObject({ text: "", reply: { status: "stopped" } });
      expect(await claimReply(at)).toBeUndefined();
      await performReply(at);
    }
    expect(model.server.calls).toHaveLength(0);
  });

  it("whose question is deleted keeps its text when it is continued or tried again", async () => {
    const { actor } = product;
    const at = await ask();
    await endReply(await claimed(at), "Half", "interrupted");
    await deleteMessage(actor, { ...at, number: 1 });
    for (const reopen of [continueReply, retryReply]) {
      await expect(reopen(actor, at)).rejects.toMatchObject({ code: "INVALID_INPUT" });
    }
    expect(await readReply(at)).toMatchObject({ text: "Half", reply: { status: "interrupted", attempt: 1 } });
  });

  it("in a session in the trash is stopped before its model is called", async () => {
    const { actor } = product;
    const trashed = await pasteSession(actor, { "a.ts": "let x = 1;\n" });
    const pending = await askModel(actor, trashed);
    await trashSession(actor, { id: trashed.id });
    await performReply(pending.at);
    expect((await readReply(pending.at)).reply.status).toBe("stopped");
    expect(model.server.calls).toHaveLength(0);
  });

  it("that has ended stays as it is when it is stopped", async () => {
    const at = await ask();
    await endReply(await claimed(at), "Bec", "stopped");
    await stopReply(product.actor, at);
    expect(await readReply(at)).toMatchObject({ text: "Bec", reply: { status: "stopped" } });
  });

  it("continues its text in an attempt of its own, which adds what it proposes and costs", async () => {
    const { actor } = product;
    const pending = await askModel(actor, session, { messageKind: "fix", startLine: 2 });
    const propose = (summary: string, replacement: string) => {
      const edit = { path: "a.ts", start_line: 2, end_line: 2, original: "  debugger;", replacement };
      return { name: "propose_change", input: { summary, edits: [edit] } };
    };
    // It suggests a change without a word, is asked for words, and is cut while it writes them.
    model.server.answer({ toolCalls: [propose("One", "  // one")] }, FAULTS.cut);
    await readReplyEvents(actor, pending.logId);
    const failed = await readReply(pending.at);
    expect(failed.reply).toMatchObject({ status: "failed", proposals: [{ kind: "change", summary: "One" }] });
    expect(failed.text).not.toBe("");
    const [first, again] = await Promise.all([continueReply(actor, pending.at), continueReply(actor, pending.at)]);
    expect(first).toEqual({ attempt: 2, logId: replyLogId(session.id, pending.at.threadId, 2, 2) });
    expect(again).toEqual(first);
    const continued = await readReply(pending.at);
    expect(continued).toMatchObject({ text: failed.text, reply: { status: "pending", attempt: 2 } });
    expect(continued.reply.error).toBeUndefined();
    model.server.answer({ text: " done.", toolCalls: [propose("Two", "  // two")] });
    await readReplyEvents(actor, first.logId);
    const done = await readReply(pending.at);
    expect(done).toMatchObject({
      text: `${failed.text} done.`,
      reply: { status: "done", attempt: 2, proposals: [{ summary: "One" }, { summary: "Two" }] },
    });
    const [before, after] = [failed.reply.usage?.inputTokens ?? 0, done.reply.usage?.inputTokens ?? 0];
    expect(before).toBeGreaterThan(0);
    expect(after).toBeGreaterThan(before);
  });

  it("is rewritten from the beginning on retry, and a pending attempt can be stopped", async () => {
    const { actor } = product;
    const at = await ask();
    const proposal = { kind: "text", summary: "One", code: "", reason: "" } as const;
    await endReply(await claimed(at), "Half", "interrupted", { proposals: [proposal] });
    expect(await retryReply(actor, at)).toMatchObject({ attempt: 2 });
    expect(await readReply(at)).toMatchObject({ text: "", reply: { status: "pending", attempt: 2, proposals: [] } });
    await stopReply(actor, at);
    expect(await readReply(at)).toMatchObject({ reply: { status: "stopped", attempt: 2 } });
  });

  it("that was reopened, written and ended meanwhile is not reopened by a request that read it before", async () => {
    const { actor } = product;
    const at = await ask();
    await endReply(await claimed(at), "Half", "interrupted");
    const before = await replyItems.read(toWorkKey(at));
    await continueReply(actor, at);
    await endReply(await claimed(at), "Half a reply.", "interrupted");
    const { status: _, ...late } = { ...before, attempt: 2 } as HeldReply;
    expect(await replyItems.queue(late, { from: ["failed"], epoch: before?.epoch })).toBe(false);
    expect(await readReply(at)).toMatchObject({ text: "Half a reply.", reply: { attempt: 2 } });
  });

  it("is requeued by the sweep when its lease has expired, and listed for operators", async () => {
    const at = await ask();
    const { id } = toWorkKey(at);
    const listed = async () => (await replyWork.listRunning()).find((each) => each.id === id);
    await expect.poll(listed).toMatchObject({ sessionId: session.id, leaseUntil: null });
    const held = await claimed(at);
    await expect.poll(listed).toMatchObject({ leaseUntil: held.leaseUntil });
    await letLeaseRunOut(at);
    await expect.poll(() => replyWork.sweep()).toBeGreaterThanOrEqual(1);
    await endReply(held, "Because.");
    await expect.poll(listed).toBeUndefined();
  });

  it("whose writer died is interrupted with the text that its log holds, and its log ends", async () => {
    const at = await ask();
    const held = await claimed(at);
    const writer = writerOf(held);
    writer.append({ type: "model", name: "m" });
    writer.append({ type: "text", text: "So " });
    writer.append({ type: "text", text: "far" });
    await writer.flush();
    await performReply(at);
    expect((await readReply(at)).reply.status).toBe("writing");
    await letLeaseRunOut(at);
    await Promise.all([performReply(at), performReply(at), performReply(at)]);
    expect(await readReply(at)).toMatchObject({ text: "So far", reply: { status: "interrupted", model: "m" } });
    const log = await readLog<ReplyEvent>(logIdOf(held));
    expect(log.map(({ event, last }) => [event.type, last])).toEqual([
      ["model", false],
      ["text", false],
      ["text", false],
      ["end", true],
    ]);
    // The writer was only asleep: nothing of what it does now is kept.
    writer.append({ type: "text", text: " too late" });
    await expect(writer.flush()).rejects.toMatchObject({ code: "VERSION_CONFLICT" });
    expect(writer.isLost).toBe(true);
    expect(await endReply(held, "Because.")).toBe(false);
    expect(await readLog(logIdOf(held))).toEqual(log);
    expect(await readReply(at)).toMatchObject({ text: "So far", reply: { status: "interrupted" } });
  });

  it("that a dying process was ending is ended by the next", async () => {
    const at = await ask();
    const held = await claimed(at);
    const writer = writerOf(held);
    writer.append({ type: "text", text: "Kept" });
    await writer.flush();
    expect(await replyItems.takeOver(held)).toMatchObject({ status: "running", epoch: 2 });
    await performReply(at);
    expect((await readReply(at)).reply.status).toBe("writing");
    await letLeaseRunOut(at);
    await performReply(at);
    expect(await readReply(at)).toMatchObject({ text: "Kept", reply: { status: "interrupted" } });
  });

  it("ends for followers that received more than was stored before its writer died", async () => {
    const at = await ask();
    const held = await claimed(at);
    const writer = writerOf(held);
    writer.append({ type: "text", text: "Stored" });
    await writer.flush();
    const seen: ReplyEvent[] = [];
    const following = (async () => {
      const signal = AbortSignal.timeout(60_000);
      for await (const { event } of followLog<ReplyEvent>(logIdOf(held), 0, signal)) seen.push(event);
    })();
    await sleep(50);
    await letLeaseRunOut(at);
    writer.append({ type: "text", text: ", heard only" });
    await performReply(at);
    await following;
    expect(seen.at(-1)).toEqual({ type: "end", status: "interrupted" });
    expect(await readReply(at)).toMatchObject({ text: "Stored" });
  });

  it("keeps its lease by heartbeats, while messages are posted", async () => {
    const at = await ask();
    const held = await claimed(at);
    const post = (text: string) => postMessage(product.actor, { ...at, id: newMessageId(), text, wantsReply: false });
    const [first] = await Promise.all([renewReply(held), post("One"), post("Two")]);
    expect(first).toBe(true);
    await endReply(held, "Because.");
    const { messages } = await getThread(product.actor, at);
    expect(messages.map((each) => [each.number, each.text])).toEqual([
      [1, "Why?"],
      [2, "Because."],
      [3, expect.stringMatching(/One|Two/)],
      [4, expect.stringMatching(/One|Two/)],
    ]);
  });
});
