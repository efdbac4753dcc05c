import { performConversationAction } from "../conversation/conversation-actions.server";
import { getActor } from "../http/actor.server";
import { readJsonObject } from "../http/body.server";
import { withResponseErrors } from "../http/errors.server";

/** `POST /sessions/:id/conversation`: performs one conversation action given as JSON. */
export const action = withResponseErrors(async ({ request, params }) => {
  const actor = await getActor(request);
  return Response.json(await performConversationAction(actor, params.id ?? "", await readJsonObject(request)));
});
