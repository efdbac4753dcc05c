import { loadResolvedThreads } from "../conversation/load.server";
import { getActor } from "../http/actor.server";
import { withResponseErrors } from "../http/errors.server";

/** `GET /sessions/:id/threads?cursor=`: a page of the session's resolved threads, for the page's script. */
export const loader = withResponseErrors(async ({ request, params }) => {
  const actor = await getActor(request);
  const cursor = new URL(request.url).searchParams.get("cursor") ?? undefined;
  return Response.json(await loadResolvedThreads(actor, { sessionId: params.id ?? "", cursor }));
});
