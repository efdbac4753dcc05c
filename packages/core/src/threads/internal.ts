import type { Codebase } from "../codebases/schema";
import type { Session } from "../sessions/schema";
import { readMessages } from "./messages";
import { lastMessages } from "./pages";
import { placeThreads } from "./placing";
import type { Message, Thread } from "./schema";
import { queryThreads } from "./store";

export { load, onHead } from "./in-session";
export { type Body, packBody, toReply, unpackBody } from "./messages";
export { requireThread } from "./posting";
export { chooseResponder, modelRequired, type Responder, taskOf } from "./responder";
export { readMessage, replyItems, type StoredReply, type StoredThread, toWorkKey } from "./store";
export { keepBoundary } from "./writes";

/** All threads of a session on its head, newest activity last: for pages that have loaded session and codebase. */
export async function threadsOf(session: Session, codebase: Codebase): Promise<Thread[]> {
  const threads = await placeThreads(codebase, await queryThreads(session.id));
  return threads.sort((a, b) => (a.updatedAt < b.updatedAt ? -1 : 1));
}

/** Everything said in a session, for its export. */
export async function conversationsOf(
  session: Session,
  codebase: Codebase,
): Promise<(Thread & { messages: Message[] })[]> {
  const threads = await threadsOf(session, codebase);
  const all: (Thread & { messages: Message[] })[] = [];
  for (const thread of threads) all.push({ ...thread, messages: await readMessages(thread.id, 1, thread.count) });
  return all;
}

/** The last messages before (and with) a number, oldest first: what a model is told of a thread. Deleted ones are left out. */
export function historyOf(threadId: string, upTo: number, count: number): Promise<Message[]> {
  return lastMessages(threadId, upTo, count);
}
