import type { LoaderFunctionArgs } from "@remix-run/node";
import { loadThread } from "../conversation/load.server";
import { getActor } from "../http/actor.server";
import { errorResponse } from "../http/errors.server";

/** `GET /sessions/:id/threads/:thread?cursor=`: a thread and a page of its messages, for the page's script. */
export async function loader({ request, params, context }: LoaderFunctionArgs): Promise<Response> {
  try {
    const actor = await getActor(request);
    const cursor = new URL(request.url).searchParams.get("cursor") ?? undefined;
    const at = { sessionId: params.id ?? "", threadId: params.thread ?? "" };
    return Response.json(await loadThread(actor, { ...at, cursor }));
  } catch (error) {
    return errorResponse(error, context.requestId);
  }
}
