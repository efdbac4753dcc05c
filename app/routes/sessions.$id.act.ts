import type { ActionFunctionArgs } from "@remix-run/node";
import { getActor } from "../http/actor.server";
import { errorResponse } from "../http/errors.server";
import { perform } from "../review/act.server";

/** `POST /sessions/:id/act`: one act as JSON, for the page's script; answers its result or the error shape. */
export async function action({ request, params, context }: ActionFunctionArgs): Promise<Response> {
  try {
    const actor = await getActor(request);
    return Response.json(await perform(actor, params.id ?? "", await request.json()));
  } catch (error) {
    return errorResponse(error, context.requestId);
  }
}
