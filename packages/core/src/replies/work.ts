import * as v from "valibot";
import { restoreActor } from "../auth/index";
import { AppError } from "../errors";
import { listAnswersUnderWay } from "../threads/internal";
import type { AnswerKey } from "../threads/schema";
import { jobIdSchema, type WorkKind } from "../work/schema";
import { beginAnswer, interruptAll } from "./produce";
import { interruptAnswersOf, sweepAnswers } from "./sweep";

/** Asks for a pending answer to be begun, where nobody has come to follow it. */
type ReplyJob = AnswerKey & { userId: string };

/** Writes an answer that was asked for, unless a follower has it written already. Delivered again, it does nothing. */
async function generatePendingReply({ sessionId, threadId, number, userId }: ReplyJob): Promise<void> {
  const actor = await restoreActor({ userId });
  try {
    await Promise.all(await beginAnswer(actor, { sessionId, threadId, number }));
  } catch (error) {
    // The session, or the thread with its question, is gone for good: there is nobody left to answer.
    if (!(error instanceof AppError && error.status === 404)) throw error;
  }
}

/**
 * Answers among the other kinds of work. Their items are messages of a thread, and one whose writer died is not resumed:
 * it ends as *interrupted*, with its words, for its reader to continue.
 */
export const replyWork: WorkKind<ReplyJob> = {
  kind: "answer",
  input: v.object({
    ...{ sessionId: jobIdSchema, threadId: jobIdSchema, userId: jobIdSchema },
    number: v.pipe(v.number(), v.integer(), v.minValue(1)),
  }),
  labels: {
    name: "Answer",
    ifDiscarded: "The reply won't be generated; its author has to ask again.",
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
