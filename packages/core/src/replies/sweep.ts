import { LIMITS } from "../limits";
import { nowMs } from "../platform/clock";
import type { DeadProcesses } from "../platform/instance";
import { errorFields, log } from "../platform/log";
import { enqueueJob } from "../platform/outbox";
import {
  interruptStale,
  type ListedAnswer,
  queryAnswersHeldBy,
  queryStaleAnswers,
  queryUnansweredBefore,
} from "../threads/internal";

/**
 * Every minute: has answers written that nobody follows, and ends those whose writer died as *interrupted*. Claiming and
 * the lease decide, so doing it twice, or late, does no harm. One that can't be ended does not keep the others from it:
 * its error is thrown when all were looked at.
 */
export async function sweepAnswers(): Promise<{ asked: number; interrupted: number }> {
  const before = new Date(nowMs() - LIMITS.answer.pendingGraceSeconds * 1_000).toISOString();
  const unanswered = await queryUnansweredBefore(before);
  for (const { sessionId, threadId, number, userId } of unanswered) {
    await enqueueJob({ kind: "answer", sessionId, threadId, number, userId });
  }
  return { asked: unanswered.length, interrupted: await interruptEach(await queryStaleAnswers()) };
}

/** Ends answers that dead processes wrote as *interrupted*, with their words so far; returns how many. */
export const interruptAnswersOf = async (dead: DeadProcesses): Promise<number> =>
  interruptEach(await queryAnswersHeldBy(dead), dead);

async function interruptEach(answers: ListedAnswer[], dead?: DeadProcesses): Promise<number> {
  let interrupted = 0;
  const failures: unknown[] = [];
  for (const { sessionId, threadId, number } of answers) {
    try {
      if (await interruptStale({ sessionId, threadId, number }, dead)) interrupted += 1;
    } catch (error) {
      log.error("answer not interrupted", { sessionId, threadId, number, ...errorFields(error) });
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
  return interrupted;
}
