import { UpdateItemCommand } from "dynamodb-toolbox/entity/actions/update";
import { describe, expect, it } from "vitest";
import { pasteSession, reviewVersion, stranger, withProduct } from "../../../../tests/support/product";
import type { Actor } from "../auth/schema";
import { getCodebase } from "../codebases/index";
import { exportSession } from "../exports/index";
import { LIMITS } from "../limits";
import { listFindings } from "../review/index";
import type { Session } from "../sessions/schema";
import {
  deleteMessage,
  editMessage,
  getThread,
  listThreads,
  openThread,
  postMessage,
  reopenThread,
  resolveThread,
} from "./index";
import { historyOf, openThreadsOf } from "./internal";
import { newMessageId, newThreadId } from "./schema";
import { ThreadCountsEntity, ThreadEntity } from "./store";

const product = withProduct();
const CODE = "export function add(a: number, b: number) {\n  debugger;\n  return a + b;\n}\n";

const note = (text: string) => ({ id: newMessageId(), text, wantsReply: false });
const paste = () => pasteSession(product.actor, { "a.ts": CODE });

/** A thread on line 2 with its first message. */
async function opened(session: Session, more: Partial<Parameters<typeof openThread>[1]> = {}) {
  const { thread, message } = await openThread(product.actor, {
    sessionId: session.id,
    threadId: newThreadId(),
    path: "a.ts",
    startLine: 2,
    message: note("What is this for?"),
    ...more,
  });
  return { thread, message, at: { sessionId: session.id, threadId: thread.id } };
}

describe("a thread", () => {
  it("is opened on lines with its first message, and readable by those who may view its session", async () => {
    const { actor } = product;
    const session = await paste();
    const { thread, at } = await opened(session, { message: note("# What `is`\n**this** for?") });
    expect(thread).toMatchObject({
      path: "a.ts",
      status: "open",
      count: 1,
      title: "What is this for?",
      version: 1,
      anchor: { startLine: 2, endLine: 2, state: "exact", quote: "  debugger;" },
    });
    const { messages } = await getThread(actor, at);
    expect(messages).toMatchObject([
      { number: 1, text: "# What `is`\n**this** for?", author: { kind: "user", name: "You" } },
    ]);
    await expect(getThread(stranger, at)).rejects.toMatchObject({ code: "SESSION_NOT_FOUND" });
  });

  it("is not found through another session, not even by its own creator", async () => {
    const { actor } = product;
    const { at } = await opened(await paste());
    const elsewhere = { ...at, sessionId: (await paste()).id };
    const notFound = { code: "THREAD_NOT_FOUND" };
    await expect(getThread(actor, elsewhere)).rejects.toMatchObject(notFound);
    await expect(postMessage(actor, { ...elsewhere, ...note("Hello") })).rejects.toMatchObject(notFound);
    await expect(resolveThread(actor, elsewhere)).rejects.toMatchObject(notFound);
    await expect(editMessage(actor, { ...elsewhere, number: 1, text: "Hello" })).rejects.toMatchObject(notFound);
  });

  it("cannot take the id of a thread of another session", async () => {
    const { thread } = await opened(await paste());
    const other = await paste();
    await expect(opened(other, { threadId: thread.id })).rejects.toMatchObject({ code: "INVALID_INPUT" });
    expect((await listThreads(product.actor, { sessionId: other.id })).threads).toEqual([]);
  });

  it("is about a whole file where no lines are named", async () => {
    const { thread } = await opened(await paste(), { startLine: undefined });
    expect(thread.anchor).toBeUndefined();
    expect(thread).toMatchObject({ path: "a.ts", version: 1 });
  });

  it("refuses lines and files that do not exist", async () => {
    const session = await paste();
    await expect(opened(session, { startLine: 9 })).rejects.toMatchObject({
      code: "INVALID_INPUT",
      field: "startLine",
    });
    await expect(opened(session, { path: "b.ts" })).rejects.toMatchObject({ code: "FILE_NOT_FOUND" });
  });

  it("carries the finding that it was opened from, on the finding's lines", async () => {
    const session = await paste();
    await reviewVersion(session, 1);
    const [finding] = await listFindings(product.actor, { sessionId: session.id });
    const { thread } = await opened(session, { startLine: undefined, finding: finding?.identity });
    expect(thread.finding).toMatchObject({ identity: finding?.identity, title: finding?.title, source: "builtin" });
    expect(thread.anchor).toMatchObject({ startLine: 2, endLine: 2 });
    await expect(opened(session, { finding: "gone" })).rejects.toMatchObject({ code: "FINDING_NOT_FOUND" });
  });

  it("has one effect when it is sent again", async () => {
    const session = await paste();
    const request = { threadId: newThreadId(), message: note("Once") };
    const [first, second] = await Promise.all([opened(session, request), opened(session, request)]);
    const third = await opened(session, request);
    expect([second.message, third.message]).toEqual([first.message, first.message]);
    expect((await listThreads(product.actor, { sessionId: session.id })).threads).toHaveLength(1);
  });

  it("is resolved and opened again, each once however often it is asked for", async () => {
    const { actor } = product;
    const session = await paste();
    const { at } = await opened(session);
    await Promise.all([resolveThread(actor, at), resolveThread(actor, at)]);
    expect(await resolveThread(actor, at)).toMatchObject({ status: "resolved" });
    const { thread: other } = await opened(session);
    const { threads } = await listThreads(actor, { sessionId: session.id });
    expect(threads.map((each) => [each.id, each.status])).toEqual([
      [other.id, "open"],
      [at.threadId, "resolved"],
    ]);
    expect(await reopenThread(actor, at)).toMatchObject({ status: "open" });
  });

  it("loses nothing of what is said and edited while it is resolved and opened again", async () => {
    const { actor } = product;
    const { at } = await opened(await paste());
    const flip = async () => {
      for (let round = 0; round < 3; round += 1) {
        await resolveThread(actor, at);
        await reopenThread(actor, at);
      }
    };
    const say = async () => {
      for (const text of ["one", "two", "three", "four"]) await postMessage(actor, { ...at, ...note(text) });
    };
    await Promise.all([flip(), say(), editMessage(actor, { ...at, number: 1, text: "Another question" })]);
    const { thread, messages } = await getThread(actor, at);
    expect(thread).toMatchObject({ status: "open", title: "Another question", count: 5 });
    expect(messages.map(({ text }) => text)).toEqual(["Another question", "one", "two", "three", "four"]);
    expect((await listThreads(actor, { sessionId: at.sessionId })).threads).toMatchObject([
      { id: at.threadId, count: 5 },
    ]);
  });

  it(`counts against ${LIMITS.thread.maxOpen} open ones while it is open, whoever opens at once`, async () => {
    const { actor } = product;
    const session = await paste();
    const wanted = LIMITS.thread.maxOpen + 8;
    const all = await Promise.allSettled(Array.from({ length: wanted }, () => opened(session)));
    const refused = all.filter((each) => each.status === "rejected");
    expect(refused.map((each) => each.reason.code)).toEqual(Array(8).fill("THREAD_LIMIT_EXCEEDED"));
    expect(refused[0]?.reason.message).toBe("50 threads are open here. Resolve one, then try again.");
    const one = all.find((each) => each.status === "fulfilled")?.value.at ?? { sessionId: "", threadId: "" };
    await resolveThread(actor, one);
    await opened(session);
    await expect(reopenThread(actor, one)).rejects.toMatchObject({ code: "THREAD_LIMIT_EXCEEDED" });
  });

  it("is one of 500 in a session, resolved ones included", async () => {
    const session = await paste();
    await opened(session);
    await ThreadCountsEntity.build(UpdateItemCommand).item({ sessionId: session.id, open: 3, total: 500 }).send();
    await expect(opened(session)).rejects.toMatchObject({
      code: "THREAD_LIMIT_EXCEEDED",
      message: "Thread limit reached (500 per session). Continue in an existing thread or a new session.",
    });
  });

  it("is listed on pages, open ones first, each once", async () => {
    const { actor } = product;
    const session = await paste();
    const first = await opened(session);
    await resolveThread(actor, first.at);
    await Promise.all(Array.from({ length: LIMITS.thread.pageSize }, () => opened(session)));
    const page = await listThreads(actor, { sessionId: session.id });
    expect(page.threads).toHaveLength(LIMITS.thread.pageSize);
    const rest = await listThreads(actor, { sessionId: session.id, cursor: page.nextCursor });
    expect(rest).toEqual({ threads: [expect.objectContaining({ id: first.thread.id, status: "resolved" })] });
    const forged = listThreads(actor, { sessionId: (await paste()).id, cursor: page.nextCursor });
    await expect(forged).rejects.toMatchObject({ code: "INVALID_INPUT", field: "cursor" });
  });

  it("is only counted on the session's page once it is resolved, and listed on request", async () => {
    const { actor } = product;
    const session = await paste();
    const [open, resolved] = [await opened(session), await opened(session)];
    await resolveThread(actor, resolved.at);
    const codebase = await getCodebase(actor, { id: session.codebaseId });
    const page = await openThreadsOf(session, codebase);
    expect(page).toEqual({ threads: [expect.objectContaining({ id: open.thread.id })], resolved: 1 });
    const listed = await listThreads(actor, { sessionId: session.id, status: "resolved" });
    expect(listed.threads.map(({ id }) => id)).toEqual([resolved.thread.id]);
    await reopenThread(actor, resolved.at);
    expect(await openThreadsOf(session, codebase)).toMatchObject({ threads: [{}, {}], resolved: 0 });
  });

  it("is in the session's export with all messages", async () => {
    const { actor } = product;
    const session = await paste();
    const { at } = await opened(session);
    await postMessage(actor, { ...at, ...note("And **this**?") });
    const { threads } = await exportSession(actor, { id: session.id });
    expect(threads).toMatchObject([
      {
        id: at.threadId,
        path: "a.ts",
        anchor: { startLine: 2 },
        messages: [{ text: "What is this for?" }, { text: "And **this**?", author: { name: "You" } }],
      },
    ]);
  });
});

describe("a message", () => {
  it("gets the thread's next number under concurrent posts, and has one effect when it is sent again", async () => {
    const { actor } = product;
    const { at } = await opened(await paste());
    const notes = Array.from({ length: 12 }, (_, index) => note(`Message ${index}`));
    const posted = await Promise.all([...notes, ...notes].map((each) => postMessage(actor, { ...at, ...each })));
    expect(posted.slice(12)).toEqual(posted.slice(0, 12));
    const { messages, thread } = await getThread(actor, at);
    expect(messages.map((each) => each.number)).toEqual(Array.from({ length: 13 }, (_, index) => index + 1));
    expect(new Set(messages.map((each) => each.id)).size).toBe(13);
    expect(thread.count).toBe(13);
  });

  it("has at most 5,000 characters, counted as a text field counts them", async () => {
    const { actor } = product;
    const { at } = await opened(await paste());
    const full = `${"é".repeat(4_998)}\r\n.`;
    expect((await postMessage(actor, { ...at, ...note(full) })).text).toHaveLength(5_000);
    await expect(postMessage(actor, { ...at, ...note(`${full}.`) })).rejects.toMatchObject({
      code: "MESSAGE_TOO_LONG",
      field: "text",
      message: "Messages are limited to 5,000 characters; this one has 5,001.",
    });
    await expect(postMessage(actor, { ...at, ...note("  \n") })).rejects.toMatchObject({ code: "INVALID_INPUT" });
    await expect(editMessage(actor, { ...at, number: 1, text: `${full}.` })).rejects.toMatchObject({
      code: "MESSAGE_TOO_LONG",
    });
    expect((await getThread(actor, at)).thread.count).toBe(2);
  });

  it("is one of 500 in its thread, its reply's place included", async () => {
    const { actor } = product;
    const session = await paste();
    await reviewVersion(session, 1);
    const { at } = await opened(session);
    await ThreadEntity.build(UpdateItemCommand)
      .item({ sessionId: session.id, id: at.threadId, status: "open", count: 499 })
      .send();
    const limit = { code: "MESSAGE_LIMIT_EXCEEDED" };
    const question = { id: newMessageId(), text: "", messageKind: "explain" as const };
    await expect(postMessage(actor, { ...at, ...question })).rejects.toMatchObject(limit);
    expect(await postMessage(actor, { ...at, ...note("The last") })).toMatchObject({ number: 500 });
    await expect(postMessage(actor, { ...at, ...note("One more") })).rejects.toMatchObject(limit);
  });

  it("is edited and deleted by its author only", async () => {
    const session = await paste();
    const { at } = await opened(session, { message: note("First words") });
    const { actor } = product;
    const peer: Actor = { ...actor, userId: "usr_peer", name: "Peer" };
    const theirs = await postMessage(peer, { ...at, ...note("Mine") });
    for (const act of [
      editMessage(actor, { ...at, number: theirs.number, text: "Not mine" }),
      deleteMessage(actor, { ...at, number: theirs.number }),
    ]) {
      await expect(act).rejects.toMatchObject({ code: "FORBIDDEN" });
    }
    const edited = await editMessage(actor, { ...at, number: 1, text: "Better words" });
    expect(edited).toMatchObject({ text: "Better words", editedAt: expect.any(String) });
    expect((await getThread(actor, at)).thread.title).toBe("Better words");
    expect(await deleteMessage(actor, { ...at, number: 1 })).toMatchObject({ number: 1, text: null });
    await deleteMessage(actor, { ...at, number: 1 });
    await expect(editMessage(actor, { ...at, number: 1, text: "Back" })).rejects.toMatchObject({
      code: "MESSAGE_NOT_FOUND",
    });
    const { thread, messages } = await getThread(actor, at);
    expect(messages.map((each) => each.text)).toEqual([null, "Mine"]);
    expect(JSON.stringify([thread, messages])).not.toContain("words");
  });

  it("that requests a reply is refused when none is possible, with the setting to change, and nothing is stored", async () => {
    const { actor } = product;
    const session = await paste();
    const { at } = await opened(session);
    const refused = { code: "MODEL_REQUIRED", message: expect.stringContaining("REDLINE_MODEL") };
    await expect(postMessage(actor, { ...at, id: newMessageId(), text: "Why?" })).rejects.toMatchObject(refused);
    const thread = { ...at, threadId: newThreadId(), path: "a.ts", startLine: 1 };
    const message = { id: newMessageId(), text: "", messageKind: "explain" as const };
    await expect(openThread(actor, { ...thread, message })).rejects.toMatchObject(refused);
    expect((await listThreads(actor, { sessionId: session.id })).threads).toHaveLength(1);
    expect((await getThread(actor, at)).messages).toHaveLength(1);
  });

  it("about a built-in finding is accepted, with its reply's number reserved", async () => {
    const { actor } = product;
    const session = await paste();
    await reviewVersion(session, 1);
    const { at } = await opened(session);
    const question = await postMessage(actor, { ...at, id: newMessageId(), text: "", messageKind: "explain" });
    expect(question).toMatchObject({ number: 2, text: "Explain this.", messageKind: "explain", replyNumber: 3 });
    await postMessage(actor, { ...at, ...note("By the way") });
    const { messages } = await getThread(actor, at);
    expect(messages.map(({ number, text, reply }) => [number, text, reply?.status])).toEqual([
      [1, "What is this for?", undefined],
      [2, "Explain this.", undefined],
      [3, "", "pending"],
      [4, "By the way", undefined],
    ]);
  });

  it("is found on pages of 100, the newest first, and as history without the deleted", async () => {
    const { actor } = product;
    const session = await paste();
    await reviewVersion(session, 1);
    const { at } = await opened(session);
    // 53 questions without replies: the first reply of the newest page has its question on the page before.
    for (let index = 0; index < 53; index += 1) {
      await postMessage(actor, { ...at, id: newMessageId(), text: `Question ${index}`, messageKind: "fix" });
    }
    const newest = await getThread(actor, at);
    expect(newest.messages.map((each) => each.number)).toEqual(Array.from({ length: 100 }, (_, index) => index + 8));
    const earlier = await getThread(actor, { ...at, cursor: newest.earlierCursor });
    expect(earlier.messages.map((each) => each.number)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(earlier.earlierCursor).toBeUndefined();
    await deleteMessage(actor, { ...at, number: 104 });
    const history = await historyOf(at.threadId, 106, 10);
    expect(history.map((each) => each.number)).toEqual([86, 88, 90, 92, 94, 96, 98, 100, 102, 106]);
  });
});
