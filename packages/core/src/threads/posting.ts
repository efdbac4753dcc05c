/** Stores new threads and messages of people, each with one effect however often it is sent. */
import { generateBoundary } from "../ai/internal";
import type { Actor } from "../auth/schema";
import type { Codebase } from "../codebases/schema";
import { AppError } from "../errors";
import { LIMITS } from "../limits";
import { nowIso } from "../platform/clock";
import { failedTransactionItems } from "../platform/dynamo-errors";
import { runExclusive } from "../platform/keyed-mutex";
import { CONTENTION, retryUntilDefined } from "../platform/retry";
import { writeAll } from "../platform/transaction";
import type { Session } from "../sessions/schema";
import { toMessage } from "./messages";
import { requireResponder } from "./responder";
import { MESSAGE_KIND_TEXTS, type Message, type MessageKind, type Proposal } from "./schema";
import { readCounts, readMessage, readThread, type StoredThread } from "./store";
import { countMessage, countThread, putMessage, putReplyTo, putThread, recentNumber, withRecent } from "./writes";

const MAX_ATTEMPTS = 12;

/**
 * Runs `attempt` until it returns a value: undefined means that there was a concurrent write. Runs one at a time for
 * each key in this process, so that its own writers do not race.
 */
export function untilWritten<T extends object>(key: string, attempt: () => Promise<T | undefined>): Promise<T> {
  return runExclusive(key, async () => {
    const done = await retryUntilDefined(attempt, { ...CONTENTION, attempts: MAX_ATTEMPTS });
    if (done) return done;
    throw new AppError("DATABASE_ERROR", "Too many concurrent writes. Nothing was saved. Try again.");
  });
}

/** `follows`: the client follows the reply's log right away. `agent` names the agent that posts it for the actor. */
export type Post = {
  id: string;
  text: string;
  messageKind: MessageKind;
  wantsReply: boolean;
  follows: boolean;
  agent?: string;
  proposals?: Proposal[];
};

/** Returns the text as stored: line ends as one character, the message kind's default text where there is none. */
export function messageTextOf({ text, messageKind }: Pick<Post, "text" | "messageKind">): string {
  const words = text.replaceAll("\r\n", "\n").trim() || MESSAGE_KIND_TEXTS[messageKind];
  if (!words) throw new AppError("INVALID_INPUT", "Enter a message.", { field: "text" });
  // UTF-16 units with line ends as one: what a text field's own limit counts, so that both refuse the same texts.
  if (words.length <= LIMITS.message.maxChars) return words;
  const [most, has] = [LIMITS.message.maxChars, words.length].map((count) => count.toLocaleString("en"));
  throw new AppError("MESSAGE_TOO_LONG", `Messages are limited to ${most} characters; this one has ${has}.`, {
    field: "text",
  });
}

function newMessage(actor: Actor, codebase: Codebase, threadId: string, number: number, post: Post): Message {
  return {
    threadId,
    number,
    id: post.id,
    author: { kind: post.agent ? "agent" : "user", id: actor.userId, name: post.agent ?? actor.name },
    ...(post.proposals && { proposals: post.proposals }),
    text: messageTextOf(post),
    messageKind: post.messageKind,
    version: codebase.number,
    createdAt: nowIso(),
    replyNumber: post.wantsReply ? number + 1 : undefined,
  };
}

/** The message that was stored for this id before; only the last twenty are known. */
async function alreadyPosted(thread: StoredThread, id: string): Promise<Message | undefined> {
  const number = recentNumber(thread, id);
  const stored = number === undefined ? undefined : await readMessage(thread.id, number);
  return stored?.id === id ? toMessage(stored) : undefined;
}

/** Stores a message under the thread's next number, its reply's number reserved, in one transaction with the count. */
export function post(
  actor: Actor,
  session: Session,
  codebase: Codebase,
  threadId: string,
  request: Post,
): Promise<Message> {
  return untilWritten(`thread ${threadId}`, async () => {
    const thread = await requireThread(session, threadId);
    const before = await alreadyPosted(thread, request.id);
    if (before) return before;
    if (request.wantsReply) await requireResponder(actor, session, thread, request.messageKind);
    const message = newMessage(actor, codebase, threadId, thread.count + 1, request);
    if ((message.replyNumber ?? message.number) > LIMITS.thread.maxMessages) {
      const most = LIMITS.thread.maxMessages;
      throw new AppError(
        "MESSAGE_LIMIT_EXCEEDED",
        `Message limit reached (${most} per thread). Continue in a new thread.`,
      );
    }
    try {
      await writeAll([
        countMessage(thread, message),
        putMessage(session.id, message),
        ...putReplyTo(session, message, request),
      ]);
      return message;
    } catch (error) {
      if (!failedTransactionItems(error)) throw error;
      return undefined;
    }
  });
}

/** A thread of this session. Throws THREAD_NOT_FOUND for any other. */
export async function requireThread(session: Session, threadId: string): Promise<StoredThread> {
  const thread = await readThread(session.id, threadId);
  if (!thread) throw new AppError("THREAD_NOT_FOUND", "That thread was not found.");
  return thread;
}

export type Opened = { thread: StoredThread; message: Message };

type NewThread = Pick<StoredThread, "id" | "path" | "anchor" | "version" | "fileHash" | "finding">;

/** Stores a thread with its first message, within what a session may have. Sent again, it gives what was stored. */
export async function open(
  actor: Actor,
  session: Session,
  codebase: Codebase,
  about: NewThread,
  request: Post,
): Promise<Opened> {
  const message = newMessage(actor, codebase, about.id, 1, request);
  const thread: StoredThread = {
    ...about,
    sessionId: session.id,
    status: "open",
    title: titleOf(message.text ?? ""),
    count: message.replyNumber ?? 1,
    recent: withRecent([], message),
    // A boundary is of no use to notes, and every thread is read with its session.
    ...(message.replyNumber !== undefined && { boundary: generateBoundary([]) }),
    creatorId: actor.userId,
    creatorName: message.author.name,
    createdAt: message.createdAt,
    updatedAt: message.createdAt,
  };
  return untilWritten(`threads ${session.id}`, async () => {
    try {
      await writeAll([
        ...[countThread(session.id), putThread(thread), putMessage(session.id, message)],
        ...putReplyTo(session, message, request),
      ]);
      return { thread, message };
    } catch (error) {
      const cancelled = failedTransactionItems(error);
      if (!cancelled) throw error;
      const before = await openedBefore(session, about.id, request.id);
      if (before) return before;
      if (cancelled.condition.some((at) => at > 0)) {
        throw new AppError("INVALID_INPUT", "That thread's id is taken. Try again.", { field: "threadId" });
      }
      if (cancelled.condition.length > 0) await requireRoom(session.id);
      return undefined;
    }
  });
}

async function openedBefore(session: Session, threadId: string, messageId: string): Promise<Opened | undefined> {
  const thread = await readThread(session.id, threadId);
  const first = thread && (await readMessage(threadId, 1));
  return thread && first?.id === messageId ? { thread, message: await toMessage(first) } : undefined;
}

/** Says which limit a session has reached. */
export async function requireRoom(sessionId: string): Promise<void> {
  const counts = await readCounts(sessionId);
  const { maxOpen, maxPerSession } = LIMITS.thread;
  if (counts.total >= maxPerSession) {
    throw new AppError(
      "THREAD_LIMIT_EXCEEDED",
      `Thread limit reached (${maxPerSession} per session). Continue in an existing thread or a new session.`,
    );
  }
  if (counts.open >= maxOpen) {
    throw new AppError("THREAD_LIMIT_EXCEEDED", `${maxOpen} threads are open here. Resolve one, then try again.`);
  }
}

const TITLE_CHARS = 80;

/** Markdown's marks around words; an underscore is more often part of a name. */
const MARKS = /[*`~]+|(^|\n)\s*[#>]+(?=\s)/g;

/** The beginning of a message on one line, without markdown's marks, not cut inside a character. */
export function titleOf(text: string): string {
  const line = text.replace(MARKS, "$1").replace(/\s+/g, " ").trim() || text.replace(/\s+/g, " ").trim();
  const characters = Array.from(line);
  return characters.length <= TITLE_CHARS
    ? line
    : `${characters
        .slice(0, TITLE_CHARS - 1)
        .join("")
        .trimEnd()}…`;
}
