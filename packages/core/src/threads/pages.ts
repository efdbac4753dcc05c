import { LIMITS } from "../limits";
import { decodeCursor, encodeCursor } from "../platform/cursors";
import { readMessages } from "./messages";
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
type Place = Pick<Thread, "status" | "updatedAt" | "id">;

/** Open threads first, the latest activity first in each. */
const inOrder = (a: Place, b: Place): number =>
  Number(a.status === "resolved") - Number(b.status === "resolved") ||
  compare(b.updatedAt, a.updatedAt) ||
  compare(b.id, a.id);

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

export function pageOfThreads(
  sessionId: string,
  threads: Thread[],
  cursor?: string,
): { threads: Thread[]; nextCursor?: string } {
  const scope = `threads ${sessionId}`;
  const after = cursor ? (decodeCursor(cursor, scope) as Place) : undefined;
  const rest = [...threads].sort(inOrder).filter((thread) => !after || inOrder(after, thread) < 0);
  const page = rest.slice(0, LIMITS.thread.pageSize);
  const last = page.at(-1);
  if (!last || rest.length <= page.length) return { threads: page };
  const { status, updatedAt, id } = last;
  return { threads: page, nextCursor: encodeCursor({ status, updatedAt, id }, scope) };
}
