/** Threads' face: conversations about code, their messages, and where they point. */
import * as v from "valibot";
import type { Actor } from "../auth/schema";
import { AppError } from "../errors";
import { nowIso } from "../platform/clock";
import { failedTransactionItems } from "../platform/dynamo-errors";
import { operation } from "../platform/operation";
import { writeAll } from "../platform/transaction";
import { getSession } from "../sessions/index";
import { sessionId } from "../sessions/schema";
import { resolveStoredAnchors } from "./anchor-threads";
import { inThread, load, onHead } from "./in-session";
import { toMessage } from "./messages";
import { pageOfMessages, pageOfSession } from "./pages";
import { messageTextOf, requireRoom, requireThread, titleOf, untilWritten } from "./posting";
import type { Message, Thread } from "./schema";
import { queryMessages, replyItems, toWorkKey } from "./store";
import { COUNTED_AT, moveThread, writeText, writeTitle } from "./writes";

export { openThread, postMessage } from "./opening";
export type { ReplyKey } from "./schema";

const numbered = { ...inThread, number: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(9_999)) };

/** A thread on the head with a page of its messages: the newest, or those before what `cursor` says. */
export const getThread = operation(
  "threads.get",
  "sessions.read",
  v.object({ ...inThread, cursor: v.optional(v.string()) }),
  async (actor, input) => {
    const { session, codebase } = await load(actor, input.sessionId);
    const stored = await requireThread(session, input.threadId);
    const [thread, page] = await Promise.all([onHead(codebase, stored), pageOfMessages(stored, input.cursor)]);
    return { thread, ...page };
  },
);

/** Returns a session's threads, or those of one status, a page at a time: open ones first, then by latest activity. */
export const listThreads = operation(
  "threads.list",
  "sessions.read",
  v.object({ sessionId, status: v.optional(v.picklist(["open", "resolved"])), cursor: v.optional(v.string()) }),
  async (actor, { sessionId: id, status, cursor }) => {
    const { session, codebase } = await load(actor, id);
    return pageOfSession(session, codebase, { status, cursor });
  },
);

/** Changes one's own message; what a model was told of it before stays said. */
export const editMessage = operation(
  "threads.edit",
  "threads.write",
  v.object({ ...numbered, text: v.string() }),
  async (actor, input): Promise<Message> => {
    const text = messageTextOf({ text: input.text, messageKind: "ask" });
    return rewrite(actor, input, { text, editedAt: nowIso() }, titleOf(text));
  },
);

/** Deletes one's own message: its place stays, its text is gone, and a reply that was never claimed is not written. */
export const deleteMessage = operation(
  "threads.delete",
  "threads.write",
  v.object(numbered),
  async (actor, input): Promise<Message> => {
    const message = await rewrite(actor, input, { deletedAt: nowIso() }, "Deleted message");
    if (message.replyNumber !== undefined)
      await replyItems.cancel(toWorkKey({ ...input, number: message.replyNumber }));
    return message;
  },
);

async function rewrite(
  actor: Actor,
  input: { sessionId: string; threadId: string; number: number },
  change: Parameters<typeof writeText>[2],
  title: string,
): Promise<Message> {
  const session = await getSession(actor, { id: input.sessionId });
  const thread = await requireThread(session, input.threadId);
  const key = { threadId: thread.id, number: input.number };
  const [found] = await queryMessages(key.threadId, key.number, key.number);
  if (!found) throw new AppError("MESSAGE_NOT_FOUND", "That message was not found.");
  if ("reply" in found || found.message.agent || found.message.authorId !== actor.userId) {
    throw new AppError("FORBIDDEN", "Only the author can edit or delete a message.");
  }
  const stored = found.message;
  if (!(await writeText(key, actor.userId, change)) && !("deletedAt" in change)) {
    throw new AppError("MESSAGE_NOT_FOUND", "That message was deleted. Your text wasn't saved.");
  }
  if (input.number === 1) {
    await untilWritten(`threads ${session.id}`, async () => {
      const now = await requireThread(session, thread.id);
      return (await writeTitle(now, title)) ? now : undefined;
    });
  }
  return toMessage({ ...stored, ...change });
}

/** Closes a thread; it stays where it is, and counts no more against the open ones. */
export const resolveThread = operation("threads.resolve", "threads.write", v.object(inThread), (actor, input) =>
  changeStatus(actor, input, "resolved"),
);

export const reopenThread = operation("threads.reopen", "threads.write", v.object(inThread), (actor, input) =>
  changeStatus(actor, input, "open"),
);

async function changeStatus(
  actor: Actor,
  input: { sessionId: string; threadId: string },
  status: Thread["status"],
): Promise<Thread> {
  const { session, codebase } = await load(actor, input.sessionId);
  const stored = await untilWritten(`threads ${session.id}`, async () => {
    const before = await requireThread(session, input.threadId);
    if (before.status === status) return before;
    // A place that was carried back is for this request alone.
    const [placed] = before.version <= codebase.number ? await resolveStoredAnchors(codebase, [before]) : [before];
    const after = { ...before, ...placed, status, updatedAt: nowIso() };
    try {
      await writeAll(moveThread(before, after));
      return after;
    } catch (error) {
      const cancelled = failedTransactionItems(error);
      if (!cancelled) throw error;
      if (cancelled.condition.includes(COUNTED_AT) && status === "open") await requireRoom(session.id);
      return undefined;
    }
  });
  return onHead(codebase, stored);
}
