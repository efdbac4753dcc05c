import { discardDraft, getDraft, saveDraft } from "@redline/core/codebases/index";
import { getSession } from "@redline/core/sessions/index";
import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { getActor } from "../http/actor.server";
import { errorResponse } from "../http/errors.server";

/** `GET /sessions/:id/draft?window=`: what that window has typed and not saved as a version, or null. */
export async function loader({ request, params, context }: LoaderFunctionArgs): Promise<Response> {
  try {
    const actor = await getActor(request);
    const { codebaseId } = await getSession(actor, { id: params.id ?? "" });
    const window = new URL(request.url).searchParams.get("window") ?? "";
    return Response.json(await getDraft(actor, { codebaseId, window }));
  } catch (error) {
    return errorResponse(error, context.requestId);
  }
}

/** `POST /sessions/:id/draft` keeps `{window, base, files}`; `DELETE` with `{window}` discards it. */
export async function action({ request, params, context }: ActionFunctionArgs): Promise<Response> {
  try {
    const actor = await getActor(request);
    const { codebaseId } = await getSession(actor, { id: params.id ?? "" });
    const body = await request.json();
    if (request.method === "DELETE") {
      await discardDraft(actor, { codebaseId, window: body?.window });
      return Response.json({});
    }
    return Response.json(await saveDraft(actor, { ...body, codebaseId }));
  } catch (error) {
    return errorResponse(error, context.requestId);
  }
}
