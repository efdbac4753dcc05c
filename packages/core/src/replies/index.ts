/** Replies' face: answers being written, followed, stopped and continued. */
import * as v from "valibot";
import type { Actor } from "../auth/schema";
import { AppError } from "../errors";
import type { LogEvent } from "../platform/event-log";
import { operation } from "../platform/operation";
import { sessionId } from "../sessions/schema";
import { answerAt, interruptStale, reopenAnswer, requestAnswer, requestStop } from "../threads/internal";
import { type AnswerEvent, answerLogSchema, threadIdSchema } from "../threads/schema";
import { attemptOf, followToEnd, hasEnded } from "./follow";
import { requireModelFor } from "./model-required";
import { beginAnswer } from "./produce";

const answer = v.object({
  sessionId,
  threadId: threadIdSchema,
  /** The answer's own number, not its question's. */
  number: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(9_999)),
});

/** `follows`: whoever asks for another attempt is going to follow its log right away. */
const reopened = v.object({ ...answer.entries, follows: v.optional(v.boolean(), false) });

/**
 * An answer's events after a sequence number, until it ends or the signal aborts. The first to follow a pending answer
 * has it written, in this process and apart from the reader: leaving does not stop it. It always ends with an `end`
 * event, also for a reader who has seen everything that was stored. A log holds what its attempt added: the text of
 * attempts before it is in the message.
 */
export const followAnswer = operation(
  "replies.follow",
  "sessions.read",
  v.object({
    logId: answerLogSchema,
    after: v.pipe(v.number(), v.integer(), v.minValue(0)),
    signal: v.instance(AbortSignal),
  }),
  async (actor, { logId, after, signal }): Promise<AsyncIterable<LogEvent<AnswerEvent>>> => {
    const { at, attempt } = attemptOf(logId);
    const { answer: now, isStale } = await answerAt(actor, at);
    if (attempt > now.attempt) throw new AppError("LOG_NOT_FOUND", "That attempt was not found.");
    const isNow = attempt === now.attempt;
    if (isNow && isStale) await interruptStale(at);
    else if (isNow && now.status === "pending") await beginAnswer(actor, at);
    const isOver = !isNow || isStale || hasEnded(now.status);
    return followToEnd(actor, { logId, at, attempt, after, signal, isOver });
  },
);

/** Asks an answer to stop; whoever writes it does so within two seconds and keeps what was written. */
export const stopAnswer = operation("replies.stop", "threads.write", answer, async (actor, at): Promise<void> => {
  await requestStop(actor, at);
});

/** A new attempt at an answer, to be followed by its log. */
export type Attempt = { attempt: number; logId: string };

/**
 * Goes on from the text of an answer that was interrupted, stopped, cut off or failed. Asking twice makes one attempt.
 */
export const continueAnswer = operation("replies.continue", "models.use", reopened, (actor, at) =>
  again(actor, at, "text"),
);

/** Writes an answer anew, from nothing. What it proposed before is no longer part of it. */
export const retryAnswer = operation("replies.retry", "models.use", reopened, (actor, at) =>
  again(actor, at, "nothing"),
);

type Reopened = v.InferOutput<typeof reopened>;

async function again(actor: Actor, { follows, ...at }: Reopened, keep: "text" | "nothing"): Promise<Attempt> {
  let { answer: now, isStale } = await answerAt(actor, at);
  if (isStale && (await interruptStale(at))) now = (await answerAt(actor, at)).answer;
  if (now.status === "done" || (now.status === "refused" && keep === "text")) {
    throw new AppError("INVALID_INPUT", "This reply is complete and can't be continued. Ask again for a new one.");
  }
  if (hasEnded(now.status) && now.model !== "builtin") requireModelFor("ask");
  const attempt = await reopenAnswer(actor, at, keep);
  await requestAnswer(at, actor.userId, { follows });
  return attempt;
}
