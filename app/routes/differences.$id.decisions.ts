import { listDecisions } from "@redline/core/differences/index";
import { getActor } from "../http/actor.server";
import { withResponseErrors } from "../http/errors.server";
import { requireLocalToken } from "../http/local-token.server";

/** `GET /differences/:id/decisions?after=N` by a program on this machine: what was decided since, and what is to be staged. */
export const loader = withResponseErrors(async ({ request, params }) => {
  requireLocalToken(request);
  const actor = await getActor(request);
  const after = new URL(request.url).searchParams.get("after");
  const listed = await listDecisions(actor, { sessionId: params.id ?? "", after: Number(after ?? 0) });
  return Response.json({ id: params.id, ...listed });
});
