import { loadThread } from "../conversation/load.server";
import { getActor } from "../http/actor.server";
import { withResponseErrors } from "../http/errors.server";

/** `GET /sessions/:id/threads/:thread?cursor=`: a thread and a page of its messages, for the page's script. */
export const loader = withResponseErrors(async ({ request, params }) => {
  const actor = await getActor(request);
  const cursor = new URL(request.url).searchParams.get("cursor") ?? undefined;
  const at = { sessionId: params.id ?? "", threadId: params.thread ?? "" };
  return Response.json(await loadThread(actor, { ...at, cursor }));
});
