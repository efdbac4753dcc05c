import { LIMITS } from "../limits";
import { sendAnnouncement } from "../platform/announce";
import { nowMs } from "../platform/clock";
import { errorFields, log } from "../platform/log";
import { interruptStale, queryStaleAnswers, queryUnansweredBefore } from "../threads/index";

/**
 * Every minute: has answers written that nobody follows, and ends those whose writer died as *interrupted*. Claiming and
 * the lease decide, so doing it twice, or late, does no harm. One that can't be ended does not keep the others from it:
 * its error is thrown when all were looked at.
 */
export async function sweepAnswers(): Promise<{ asked: number; interrupted: number }> {
  const before = new Date(nowMs() - LIMITS.answer.pendingGraceSeconds * 1_000).toISOString();
  const unanswered = await queryUnansweredBefore(before);
  for (const { sessionId, threadId, number, userId } of unanswered) {
    await sendAnnouncement({ kind: "answer", sessionId, threadId, number, userId });
  }
  let interrupted = 0;
  const failures: unknown[] = [];
  for (const { sessionId, threadId, number } of await queryStaleAnswers()) {
    try {
      if (await interruptStale({ sessionId, threadId, number })) interrupted += 1;
    } catch (error) {
      log.error("answer not interrupted", { sessionId, threadId, number, ...errorFields(error) });
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
  return { asked: unanswered.length, interrupted };
}
