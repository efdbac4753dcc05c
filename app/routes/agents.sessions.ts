import { listSessions } from "@redline/core/sessions/index";
import { sessionForAgents } from "../agents/views.server";
import { getActor } from "../http/actor.server";
import { withResponseErrors } from "../http/errors.server";
import { requireLocalToken } from "../http/local-token.server";

/** `GET /agents/sessions`: the latest sessions. */
export const loader = withResponseErrors(async ({ request }) => {
  requireLocalToken(request);
  const { sessions } = await listSessions(await getActor(request), {});
  return Response.json({ sessions: sessions.map((session) => sessionForAgents(session, request.url)) });
});
