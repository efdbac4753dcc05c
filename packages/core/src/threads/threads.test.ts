import { saveFiles } from "@redline/core/changes/index";
import { newChangeId } from "@redline/core/changes/schema";
import { getCodebase } from "@redline/core/codebases/index";
import { LIMITS } from "@redline/core/limits";
import type { Session } from "@redline/core/sessions/schema";
import {
  deleteMessage,
  editMessage,
  getThread,
  historyOf,
  listThreads,
  openThread,
  postMessage,
  reopenThread,
  resolveThread,
  threadsOf,
} from "@redline/core/threads/index";
import { newMessageId, newThreadId, type Thread } from "@redline/core/threads/schema";
import { describe, expect, it } from "vitest";
import { pasteSession, stranger, withProduct } from "../../../../tests/support/product";

const product = withProduct();
const CODE = "export function add(a: number, b: number) {\n  return a + b;\n}\n";

const note = (text: string, id = newMessageId()) => ({ id, text, ask: false });

async function openNote(session: Session, text = "What is this for?", more: object = {}): Promise<Thread> {
  const { thread } = await openThread(product.actor, {
    sessionId: session.id,
    threadId: newThreadId(),
    path: "a.ts",
    startLine: 2,
    message: note(text),
    ...more,
  });
  return thread;
}

describe("a thread", () => {
  it("is opened on lines with its first message, and found by everyone who may", async () => {
    const { actor } = product;
    const session = await pasteSession(actor, { "a.ts": CODE });
    const thread = await openNote(session, "What is\nthis for?");
    expect(thread).toMatchObject({
      path: "a.ts",
      status: "open",
      count: 1,
      title: "What is this for?",
      version: 1,
      anchor: { startLine: 2, endLine: 2, state: "exact", quote: "  return a + b;" },
    });
    const at = { sessionId: session.id, threadId: thread.id };
    const { messages } = await getThread(actor, at);
    expect(messages).toMatchObject([{ number: 1, text: "What is\nthis for?", author: { kind: "user", name: "You" } }]);
    await expect(getThread(stranger, at)).rejects.toMatchObject({ code: "SESSION_NOT_FOUND" });
    const other = await pasteSession(actor, { "b.ts": CODE });
    await expect(getThread(actor, { ...at, sessionId: other.id })).rejects.toMatchObject({ code: "THREAD_NOT_FOUND" });
    await expect(postMessage(actor, { ...at, sessionId: other.id, ...note("Hello") })).rejects.toMatchObject({
      code: "THREAD_NOT_FOUND",
    });
  });
});
