import { checkText } from "@redline/core/review/index";
import type { ActionFunctionArgs } from "@remix-run/node";
import { getActor } from "../http/actor.server";
import { errorResponse } from "../http/errors.server";

/** `POST /sessions/:id/check` with `{path, text, language}`: the problems of a text that is being typed. Nothing is stored. */
export async function action({ request, params, context }: ActionFunctionArgs): Promise<Response> {
  try {
    const actor = await getActor(request);
    const { path, text, language } = await request.json();
    return Response.json(await checkText(actor, { sessionId: params.id ?? "", path, text, language }));
  } catch (error) {
    return errorResponse(error, context.requestId);
  }
}
