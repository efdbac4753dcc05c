import { LIMITS } from "../limits";
import { errorFields, log } from "../platform/log";
import { enqueueJob } from "../platform/outbox";
import type { AnswerKey } from "./schema";

/**
 * Has a worker begin an answer: at once where nobody is going to follow it, else after the time in which a follower comes,
 * who has it written where it can be streamed. Claiming decides, so that it is begun once. When the queue can't be reached
 * the answer is only later: the sweep looks for those that nobody has begun.
 */
export async function requestAnswer(at: AnswerKey, userId: string, { follows }: { follows: boolean }): Promise<void> {
  const { sessionId, threadId, number } = at;
  try {
    const delaySeconds = follows ? LIMITS.answer.followGraceSeconds : 0;
    await enqueueJob({ kind: "answer", sessionId, threadId, number, userId }, delaySeconds);
  } catch (error) {
    log.warn("answer not requested", { sessionId, threadId, number, ...errorFields(error) });
  }
}
