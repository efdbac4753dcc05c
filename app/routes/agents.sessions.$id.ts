import { listFindings } from "@redline/core/review/index";
import { getSession } from "@redline/core/sessions/index";
import { listThreads } from "@redline/core/threads/index";
import { findingForAgents, sessionForAgents, threadForAgents } from "../agents/views.server";
import { getActor } from "../http/actor.server";
import { withResponseErrors } from "../http/errors.server";
import { requireLocalToken } from "../http/local-token.server";

/** `GET /agents/sessions/:id`: a session with its findings and a page of its threads; `cursor` names a further page. */
export const loader = withResponseErrors(async ({ request, params }) => {
  requireLocalToken(request);
  const actor = await getActor(request);
  const cursor = new URL(request.url).searchParams.get("cursor") ?? undefined;
  const session = await getSession(actor, { id: params.id ?? "" });
  const [findings, { threads, nextCursor }] = await Promise.all([
    listFindings(actor, { sessionId: session.id }),
    listThreads(actor, { sessionId: session.id, cursor }),
  ]);
  return Response.json({
    session: sessionForAgents(session, request.url),
    findings: findings.map(findingForAgents),
    threads: threads.map(threadForAgents),
    ...(nextCursor && { nextCursor }),
  });
});
