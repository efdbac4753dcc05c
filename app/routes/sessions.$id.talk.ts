import type { ActionFunctionArgs } from "@remix-run/node";
import { talk } from "../conversation/talk.server";
import { getActor } from "../http/actor.server";
import { errorResponse } from "../http/errors.server";

/** `POST /sessions/:id/talk`: one act of a conversation as JSON, for the page's script. */
export async function action({ request, params, context }: ActionFunctionArgs): Promise<Response> {
  try {
    const actor = await getActor(request);
    return Response.json(await talk(actor, params.id ?? "", await request.json()));
  } catch (error) {
    return errorResponse(error, context.requestId);
  }
}
