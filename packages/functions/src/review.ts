import { BatchProcessor, EventType, processPartialResponse } from "@aws-lambda-powertools/batch";
import { handBackWork, parseJob, performJob } from "@redline/core/jobs/index";
import { LIMITS } from "@redline/core/limits";
import { forRequest } from "@redline/core/platform/correlation";
import { invocation } from "@redline/core/platform/invocation";
import { handleJobFailure, parseRequestId } from "@redline/core/platform/job-messages";
import { log } from "@redline/core/platform/log";
import { count } from "@redline/core/platform/metrics";
import { assertDataVersionSupported } from "@redline/core/platform/schema-version";
import { traced, traceWith } from "@redline/core/platform/trace";
import type { Context, SQSHandler, SQSRecord } from "aws-lambda";
import { messageOf, requireQueueBatch } from "./event-shapes";

traceWith(() => import("./xray"));

const perform = (body: string, context: Context): Promise<void> =>
  performJob(parseJob(body), { remainingMs: context.getRemainingTimeInMillis() });

/** Says what was done for which request, so that one id leads from the browser to here. */
const work = (record: SQSRecord, context: Context): Promise<void> => {
  const message = messageOf(record);
  return forRequest(parseRequestId(message.body), async () => {
    const startedAt = performance.now();
    try {
      await traced("job", () => perform(message.body, context));
      count("JobsDone");
      log.info("job done", { durationMs: Math.round(performance.now() - startedAt) });
    } catch (error) {
      count("JobsFailed");
      await handleJobFailure(error, message);
    }
  });
};

/**
 * Reviews and unfollowed replies: failed ones stay on the queue, those that can't be done go to the dead letters. When the
 * stored data version is unsupported, the batch is retried and then dead-lettered. A batch of which nothing could be done
 * counts as a failed invocation, which rolls new code back (docs/decisions/0012). A processor holds the state of one batch and one process may work on
 * several, so each batch has its own.
 */
export const handler: SQSHandler = (event, context) => {
  const perform = async () => {
    const batch = requireQueueBatch(event);
    await assertDataVersionSupported();
    return processPartialResponse(batch, work, new BatchProcessor(EventType.SQS), { context });
  };
  return invocation("review", context, perform, { reserveMs: LIMITS.modelReview.leaveMs });
};

/**
 * Gives up what is being worked on, so that another process goes on with it at once: reviews are asked for again, replies
 * end as *interrupted*. For the laptop, whose workers are told to end; AWS promises functions no such word.
 */
export async function leave(): Promise<void> {
  await handBackWork();
}
