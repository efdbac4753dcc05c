import { promptOf } from "@redline/core/differences/index";
import { getActor } from "../http/actor.server";
import { withResponseErrors } from "../http/errors.server";

/** `GET /sessions/:id/prompt`: open threads and new findings of a difference as a text for a coding agent. */
export const loader = withResponseErrors(async ({ request, params }) => {
  const { prompt } = await promptOf(await getActor(request), { sessionId: params.id ?? "" });
  return new Response(prompt, { headers: { "content-type": "text/plain; charset=utf-8" } });
});
