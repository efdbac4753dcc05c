import { followReview } from "@redline/core/review/index";
import { getActor } from "../http/actor.server";
import { loading } from "../http/errors.server";
import { eventStream } from "../http/event-stream.server";

/** Follows an event log as server-sent events, from the last event the browser saw. */
export const loader = loading(async ({ request, params }) => {
  const actor = await getActor(request);
  return eventStream(request, (after, signal) => followReview(actor, { logId: params.id ?? "", after, signal }));
});
