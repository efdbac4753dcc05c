import { performConversationAction } from "../conversation/conversation-actions.server";
import { getActor } from "../http/actor.server";
import { readJsonObject } from "../http/body.server";
import { withResponseErrors } from "../http/errors.server";

/** `POST /sessions/:id/talk`: one act of a conversation as JSON, for the page's script. */
export const action = withResponseErrors(async ({ request, params }) => {
  const actor = await getActor(request);
  return Response.json(await performConversationAction(actor, params.id ?? "", await readJsonObject(request)));
});
