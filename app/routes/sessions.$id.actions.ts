import { getActor } from "../http/actor.server";
import { readJsonObject } from "../http/body.server";
import { withResponseErrors } from "../http/errors.server";
import { performReviewAction } from "../review/review-actions.server";

/** `POST /sessions/:id/actions`: performs one action given as JSON; returns its result or the error shape. */
export const action = withResponseErrors(async ({ request, params }) => {
  const actor = await getActor(request);
  return Response.json(await performReviewAction(actor, params.id ?? "", await readJsonObject(request)));
});
