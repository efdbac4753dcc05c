import type { Codebase } from "../codebases/schema";
import { LIMITS } from "../limits";
import { decodeCursor, encodeCursor } from "../platform/cursors";
import type { Session } from "../sessions/schema";
import { resolveAnchors } from "./anchor-threads";
import { readMessages } from "./messages";
import { queryAllThreads, queryOpenThreads, queryResolvedThreads } from "./queries";
import type { Message, MessagePage, Thread } from "./schema";
import type { StoredThread } from "./store";

/** A page of a thread's messages, oldest first; the newest page unless a cursor says otherwise. */
export async function pageOfMessages(thread: StoredThread, cursor?: string): Promise<MessagePage> {
  const scope = `messages ${thread.id}`;
  const to = cursor ? Number(decodeCursor(cursor, scope).to) : thread.count;
  const from = Math.max(1, to - LIMITS.message.pageSize + 1);
  const messages = await readMessages(thread.id, from, to);
  return { messages, ...(from > 1 && { earlierCursor: encodeCursor({ to: from - 1 }, scope) }) };
}

/** The last messages up to a number, oldest first; deleted ones and replies without text are left out. */
export async function lastMessages(threadId: string, upTo: number, count: number): Promise<Message[]> {
  const found: Message[] = [];
  for (let to = upTo; to >= 1 && found.length < count; to -= count * 2) {
    const page = await readMessages(threadId, Math.max(1, to - count * 2 + 1), to);
    found.unshift(...page.filter((message) => message.text));
  }
  return found.slice(-count);
}

/** The end of a page of threads: the last thread's keys in the order. */
type PagePosition = Pick<Thread, "status" | "updatedAt" | "id">;

/** Open threads first, the latest activity first in each. */
const inOrder = (a: PagePosition, b: PagePosition): number =>
  Number(a.status === "resolved") - Number(b.status === "resolved") ||
  compare(b.updatedAt, a.updatedAt) ||
  compare(b.id, a.id);

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Returns a page of a session's threads on its head. Only that page's are carried to it. */
export async function pageOfSession(
  session: Session,
  codebase: Codebase,
  { status: only, cursor }: { status?: Thread["status"]; cursor?: string },
): Promise<{ threads: Thread[]; nextCursor?: string }> {
  const scope = `threads ${session.id} ${only ?? ""}`;
  const after = cursor ? (decodeCursor(cursor, scope) as PagePosition) : undefined;
  const { threads: all, places } = await queryThreads(session.id, only);
  const rest = all.sort(inOrder).filter((thread) => !after || inOrder(after, thread) < 0);
  const page = rest.slice(0, LIMITS.thread.pageSize);
  const threads = await resolveAnchors(codebase, page, places);
  const last = page.at(-1);
  if (!last || rest.length <= page.length) return { threads };
  const { status, updatedAt, id } = last;
  return { threads, nextCursor: encodeCursor({ status, updatedAt, id }, scope) };
}

async function queryThreads(sessionId: string, only?: Thread["status"]) {
  if (only === "open") return queryOpenThreads(sessionId);
  if (only === "resolved") return queryResolvedThreads(sessionId);
  return { threads: await queryAllThreads(sessionId), places: undefined };
}
