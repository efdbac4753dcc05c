import type { Actor } from "../auth/schema";
import { getCodebase } from "../codebases/index";
import type { Session } from "../sessions/schema";
import { onHead, requireThread, type StoredReply, unpackBody } from "../threads/internal";
import type { Reply, Thread } from "../threads/schema";

/** A reply that this process is to write: one attempt at it. */
export type ReplyTask = {
  session: Session;
  /** The thread at its place on the head; `thread.version` is that version. */
  thread: Thread;
  number: number;
  attempt: number;
  /** The text so far, when it continues an earlier attempt. */
  textSoFar: string;
  /** The thread's boundary, if it has one yet: see `keepBoundary`. */
  boundary?: string;
  /** The proposals and cost of earlier attempts; this attempt's are added. */
  before: Pick<Reply, "proposals" | "usage" | "costMicroUsd">;
};

/** Loads what an attempt at a reply is about. Throws THREAD_NOT_FOUND. */
export async function loadTask(actor: Actor, session: Session, reply: StoredReply): Promise<ReplyTask> {
  const [stored, codebase, { text, proposals }] = await Promise.all([
    requireThread(session, reply.threadId),
    getCodebase(actor, { id: session.codebaseId }),
    unpackBody(reply),
  ]);
  const { usage, costMicroUsd } = (reply.details ?? {}) as Partial<Reply>;
  return {
    session,
    thread: await onHead(codebase, stored),
    number: reply.number,
    attempt: reply.attempt,
    textSoFar: text,
    boundary: stored.boundary,
    before: { proposals, usage, costMicroUsd },
  };
}
