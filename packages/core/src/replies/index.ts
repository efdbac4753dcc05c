/** Replies' face: answers being written, followed, stopped and continued. */
import * as v from "valibot";
import { restoreActor } from "../auth/index";
import type { Actor } from "../auth/schema";
import { AppError } from "../errors";
import type { LogEvent } from "../platform/event-log";
import { operation } from "../platform/operation";
import { sessionId } from "../sessions/schema";
import {
  type AnswerKey,
  answerAt,
  claimAnswer,
  interruptStale,
  listAnswersUnderWay,
  reopenAnswer,
  requestAnswer,
  requestStop,
} from "../threads/index";
import { type AnswerEvent, answerLogSchema, threadIdSchema } from "../threads/schema";
import type { WorkKind } from "../work/schema";
import { attemptOf, followToEnd, hasEnded } from "./follow";
import { requireModelFor } from "./model-required";
import { interruptAll, settled, writeAnswer } from "./produce";
import { interruptAnswersOf, sweepAnswers } from "./sweep";

export { type Answerer, canAnswer } from "./model-required";
export { interruptAnswersOf, sweepAnswers } from "./sweep";

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
  v.object({
    logId: answerLogSchema,
    after: v.pipe(v.number(), v.integer(), v.minValue(0)),
    signal: v.instance(AbortSignal),
  }),
  async (actor, { logId, after, signal }): Promise<AsyncIterable<LogEvent<AnswerEvent>>> => {
    const { at, attempt } = attemptOf(logId);
    const { answer: now, isStale } = await answerAt(actor, at);
    if (attempt > now.attempt) throw new AppError("LOG_NOT_FOUND", "There is no such attempt at this answer.");
    const isNow = attempt === now.attempt;
    if (isNow && isStale) await interruptStale(at);
    else if (isNow && now.status === "pending") await begin(actor, at);
    const isOver = !isNow || isStale || hasEnded(now.status);
    return followToEnd(actor, { logId, at, attempt, after, signal, isOver });
  },
);

/** Has a pending answer written in this process, unless another was first; resolves when it is begun. */
async function begin(actor: Actor, at: AnswerKey): Promise<Promise<void>[]> {
  const claim = await claimAnswer(actor, at);
  return claim ? [writeAnswer(actor, claim)] : [];
}

/** Asks an answer to stop; whoever writes it does so within two seconds and keeps what was written. */
export const stopAnswer = operation("replies.stop", answer, async (actor, at): Promise<void> => {
  await requestStop(actor, at);
});

/** A new attempt at an answer, to be followed by its log. */
export type Attempt = { attempt: number; logId: string };

/**
 * Goes on from the text of an answer that was interrupted, stopped, cut off or failed. Asking twice makes one attempt.
 */
export const continueAnswer = operation("replies.continue", reopened, (actor, at) => again(actor, at, "text"));

/** Writes an answer anew, from nothing. What it proposed before is no longer part of it. */
export const retryAnswer = operation("replies.retry", reopened, (actor, at) => again(actor, at, "nothing"));

type Reopened = v.InferOutput<typeof reopened>;

async function again(actor: Actor, { follows, ...at }: Reopened, keep: "text" | "nothing"): Promise<Attempt> {
  let { answer: now, isStale } = await answerAt(actor, at);
  if (isStale && (await interruptStale(at))) now = (await answerAt(actor, at)).answer;
  if (now.status === "done" || (now.status === "refused" && keep === "text")) {
    throw new AppError("INVALID_INPUT", "This answer has come to its end. Ask again to get another one.");
  }
  if (hasEnded(now.status) && now.model !== "builtin") requireModelFor("ask");
  const attempt = await reopenAnswer(actor, at, keep);
  await requestAnswer(at, actor.userId, { follows });
  return attempt;
}

/** Resolves once every answer that this process is writing has ended: before a Lambda's handler returns. */
export const answersSettled = (): Promise<void> => settled();

/** Ends what this process is writing as *interrupted*, to be continued elsewhere: before a server ends. */
export const interruptAnswers = (): Promise<void> => interruptAll();

/** Asks for a pending answer to be begun, where nobody has come to follow it. */
type ReplyJob = AnswerKey & { userId: string };

/** Writes an answer that was asked for, unless a follower has it written already. Delivered again, it does nothing. */
async function generatePendingReply({ sessionId, threadId, number, userId }: ReplyJob): Promise<void> {
  const actor = await restoreActor({ userId });
  try {
    await Promise.all(await begin(actor, { sessionId, threadId, number }));
  } catch (error) {
    // The session, or the thread with its question, is gone for good: there is nobody left to answer.
    if (!(error instanceof AppError && error.status === 404)) throw error;
  }
}

const named = v.pipe(v.string(), v.minLength(1), v.maxLength(200));

/**
 * Answers among the other kinds of work. Their items are messages of a thread, and one whose writer died is not resumed:
 * it ends as *interrupted*, with its words, for its reader to continue.
 */
export const replyWork: WorkKind<ReplyJob> = {
  kind: "answer",
  input: v.object({
    ...{ sessionId: named, threadId: named, userId: named },
    number: v.pipe(v.number(), v.integer(), v.minValue(1)),
  }),
  labels: {
    name: "Answer",
    ifDiscarded: "The answer is not written; whoever waits for it has to ask again.",
  },
  perform: generatePendingReply,
  async sweep() {
    const { asked, interrupted } = await sweepAnswers();
    return { begun: asked, recovered: interrupted };
  },
  release: interruptAnswersOf,
  handBack: interruptAll,
  async listRunning() {
    const answers = await listAnswersUnderWay();
    return answers.map(({ threadId, ...each }) => ({ ...each, id: threadId }));
  },
};
