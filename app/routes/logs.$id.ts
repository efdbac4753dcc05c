import { followReply } from "@redline/core/replies/index";
import { followModelReview, followReview } from "@redline/core/review/index";
import { modelReviewLogSchema } from "@redline/core/review/schema";
import { replyLogSchema } from "@redline/core/threads/schema";
import { is } from "valibot";
import { getActor } from "../http/actor.server";
import { withResponseErrors } from "../http/errors.server";
import { eventStream } from "../http/event-stream.server";

/**
 * Streams an event log as server-sent events, from the last event the browser received; the log's id tells its kind.
 */
export const loader = withResponseErrors(async ({ request, params }) => {
  const actor = await getActor(request);
  const logId = params.id ?? "";
  const follow = is(replyLogSchema, logId)
    ? followReply
    : is(modelReviewLogSchema, logId)
      ? followModelReview
      : followReview;
  return eventStream(request, (after, signal) => follow(actor, { logId, after, signal }));
});
