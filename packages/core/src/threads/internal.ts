import type { Codebase } from "../codebases/schema";
import type { Session } from "../sessions/schema";
import { resolveAnchors } from "./anchor-threads";
import { readMessages } from "./messages";
import { lastMessages } from "./pages";
import { queryAllThreads, queryOpenThreads } from "./queries";
import type { Message, Thread } from "./schema";

export { load, onHead } from "./in-session";
export { type Body, packBody, readMessages, toReply, unpackBody } from "./messages";
export { createThreadAnchor } from "./opening";
export { open, post, requireThread } from "./posting";
export { chooseResponder, hasModelFor, modelRequired, type Responder, taskOf } from "./responder";
export { readMessage, readThread, replyItems, type StoredReply, type StoredThread, toWorkKey } from "./store";
export { keepBoundary } from "./writes";

/**
 * Returns a session's open threads on its head, newest activity last, and the number of its resolved ones: for pages that
 * have loaded session and codebase. Resolved threads are read, and carried to the head, when somebody asks for them.
 */
export async function openThreadsOf(
  session: Session,
  codebase: Codebase,
): Promise<{ threads: Thread[]; resolved: number }> {
  const { threads, places, resolved } = await queryOpenThreads(session.id);
  return { threads: newestLast(await resolveAnchors(codebase, threads, places)), resolved };
}

const newestLast = (threads: Thread[]): Thread[] => threads.sort((a, b) => (a.updatedAt < b.updatedAt ? -1 : 1));

/** Everything said in a session, for its export. */
export async function conversationsOf(
  session: Session,
  codebase: Codebase,
): Promise<(Thread & { messages: Message[] })[]> {
  const threads = newestLast(await resolveAnchors(codebase, await queryAllThreads(session.id)));
  const all: (Thread & { messages: Message[] })[] = [];
  for (const thread of threads) all.push({ ...thread, messages: await readMessages(thread.id, 1, thread.count) });
  return all;
}

/** The last messages before (and with) a number, oldest first: what a model is told of a thread. Deleted ones are left out. */
export function historyOf(threadId: string, upTo: number, count: number): Promise<Message[]> {
  return lastMessages(threadId, upTo, count);
}
