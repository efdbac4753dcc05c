/** Replies' face: followed while they are written, stopped, continued and tried again. */
import * as v from "valibot";
import type { Actor } from "../auth/schema";
import { AppError } from "../errors";
import { LIMITS } from "../limits";
import { currentRequestId } from "../platform/correlation";
import type { LogEvent } from "../platform/event-log";
import { operation } from "../platform/operation";
import { getSession } from "../sessions/index";
import { sessionId } from "../sessions/schema";
import { hasModelFor, modelRequired, readMessage, replyItems, type StoredReply, toWorkKey } from "../threads/internal";
import {
  type Reply,
  type ReplyEvent,
  type ReplyKey,
  replyLogId,
  replyLogSchema,
  threadIdSchema,
} from "../threads/schema";
import { hasEnded, isStalled } from "../work/schema";
import { attemptOf, followToEnd, startReply } from "./follow";

const reply = v.object({
  sessionId,
  threadId: threadIdSchema,
  /** The reply's own number, not its question's. */
  number: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(9_999)),
});

/** `follows`: the client follows the new attempt's log right away. */
const reopened = v.object({ ...reply.entries, follows: v.optional(v.boolean(), false) });

/** Throws SESSION_NOT_FOUND, and MESSAGE_NOT_FOUND where no reply was asked for. */
async function loadReply(actor: Actor, at: ReplyKey): Promise<StoredReply> {
  const session = await getSession(actor, { id: at.sessionId });
  const stored = await replyItems.read(toWorkKey(at));
  if (stored?.sessionId !== session.id) throw new AppError("MESSAGE_NOT_FOUND", "That reply was not found.");
  return stored;
}

/**
 * Yields a reply's events after a sequence number, until it ends or the signal aborts. The first to follow a pending reply
 * has it written, in this process and apart from the reader: leaving does not stop it. It always ends with an `end`
 * event, also for a reader who has seen everything that was stored. A log holds what its attempt added: the text of
 * attempts before it is in the message.
 */
export const followReply = operation(
  "replies.follow",
  "sessions.read",
  v.object({
    logId: replyLogSchema,
    after: v.pipe(v.number(), v.integer(), v.minValue(0)),
    signal: v.instance(AbortSignal),
  }),
  async (actor, { logId, after, signal }): Promise<AsyncIterable<LogEvent<ReplyEvent>>> => {
    const { at, attempt } = attemptOf(logId);
    const now = await loadReply(actor, at);
    if (attempt > now.attempt) throw new AppError("LOG_NOT_FOUND", "That attempt was not found.");
    const isNow = attempt === now.attempt;
    const isLeft = isStalled(now);
    if (isNow && (now.status === "queued" || isLeft)) await startReply(now);
    return followToEnd({ logId, at, attempt, after, signal, isOver: !isNow || isLeft || hasEnded(now) });
  },
);

/** Stops a reply; its writer ends within two seconds and keeps the text so far. Ended ones stay as they are. */
export const stopReply = operation("replies.stop", "replies.stop", reply, async (actor, at): Promise<void> => {
  await replyItems.cancel(await loadReply(actor, at));
});

/** A new attempt at a reply, to be followed by its log. */
export type Attempt = { attempt: number; logId: string };

/** Continues the text of a reply that was interrupted, stopped, cut off or failed. Asking twice makes one attempt. */
export const continueReply = operation("replies.continue", "models.use", reopened, (actor, at) =>
  reopen(actor, at, "text"),
);

/** Writes a reply anew, from nothing. What it proposed before is no longer part of it. */
export const retryReply = operation("replies.retry", "models.use", reopened, (actor, at) =>
  reopen(actor, at, "nothing"),
);

const ENDED = ["done", "failed", "cancelled"] as const;

/**
 * Queues the next attempt at an ended reply, with its text so far or from nothing. One that is pending or being written
 * stays as it is, so that asking twice has one effect.
 */
async function reopen(
  actor: Actor,
  { follows, ...at }: v.InferOutput<typeof reopened>,
  keep: "text" | "nothing",
): Promise<Attempt> {
  let now = await loadReply(actor, at);
  if (isStalled(now)) {
    await startReply(now);
    now = await loadReply(actor, at);
  }
  if (now.status === "done" && (now.outcome === undefined || (now.outcome === "refused" && keep === "text"))) {
    throw new AppError("INVALID_INPUT", "This reply is complete and can't be continued. Ask again for a new one.");
  }
  const { attempt } = now;
  if (!hasEnded(now)) return { attempt, logId: replyLogId(at.sessionId, at.threadId, at.number, attempt) };
  const { model } = (now.details ?? {}) as Partial<Reply>;
  if (model !== "builtin" && !hasModelFor("ask")) throw modelRequired();
  const question = await readMessage(at.threadId, at.number - 1);
  if (!question || question.deletedAt) {
    throw new AppError(
      "INVALID_INPUT",
      "The question was deleted. The text so far is kept. Ask again for a new reply.",
    );
  }
  await replyItems.queue(
    nextAttempt(now, actor, keep),
    { from: ENDED, epoch: now.epoch },
    follows ? LIMITS.reply.followGraceSeconds : 0,
  );
  // Under concurrent requests, there is one more attempt, whichever came first.
  return { attempt: attempt + 1, logId: replyLogId(at.sessionId, at.threadId, at.number, attempt + 1) };
}

/** Returns the reply requested once more, by the current user. */
function nextAttempt(
  {
    status: _,
    outcome: _outcome,
    finishedAt: _at,
    failure: _failure,
    text,
    proposals,
    bodyBlob,
    details,
    ...reply
  }: StoredReply,
  { userId }: Actor,
  keep: "text" | "nothing",
): Omit<StoredReply, "status"> {
  const soFar = keep === "text" ? { text, proposals, bodyBlob, details } : {};
  return { ...reply, ...soFar, attempt: reply.attempt + 1, userId, requestId: currentRequestId() };
}
