import type { Actor } from "@redline/core/auth/schema";
import { LIMITS } from "@redline/core/limits";
import { followReply } from "@redline/core/replies/index";
import { followModelReview, followReview } from "@redline/core/review/index";
import { modelReviewLogSchema } from "@redline/core/review/schema";
import { replyLogSchema } from "@redline/core/threads/schema";
import { is } from "valibot";
import { getActor, isStillActor } from "../http/actor.server";
import { withResponseErrors } from "../http/errors.server";
import { eventStream, type StreamedLog } from "../http/event-stream.server";

/** Streams event logs as server-sent events, after the last events that the browser received; ids are separated by commas. */
export const loader = withResponseErrors(async ({ request, params }) => {
  const actor = await getActor(request);
  const ids = [...new Set((params.id ?? "").split(","))].slice(0, LIMITS.eventLog.maxLogs);
  return eventStream(
    request,
    ids.map((id) => streamedLog(actor, id)),
    () => isStillActor(request, actor),
  );
});

/** A log's id tells its kind. */
function streamedLog(actor: Actor, logId: string): StreamedLog {
  const follow = is(replyLogSchema, logId)
    ? followReply
    : is(modelReviewLogSchema, logId)
      ? followModelReview
      : followReview;
  return { id: logId, follow: (after, signal) => follow(actor, { logId, after, signal }) };
}
