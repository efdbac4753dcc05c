import { promptOf } from "@redline/core/differences/index";
import { getActor } from "../http/actor.server";
import { withResponseErrors } from "../http/errors.server";
import { requireLocalToken } from "../http/local-token.server";

/** `GET /differences/:id/message` by a program on this machine: the whole review as one text for an agent. */
export const loader = withResponseErrors(async ({ request, params }) => {
  requireLocalToken(request);
  const { prompt } = await promptOf(await getActor(request), { sessionId: params.id ?? "" });
  return new Response(prompt, { headers: { "content-type": "text/plain; charset=utf-8" } });
});
