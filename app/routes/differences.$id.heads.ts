import { addHead } from "@redline/core/differences/index";
import { contentOf, readDifferenceRequest } from "../difference/read-request.server";
import { getActor } from "../http/actor.server";
import { withResponseErrors } from "../http/errors.server";
import { requireLocalToken } from "../http/local-token.server";

/** `POST /differences/:id/heads` by a program on this machine: gives a difference its next head. */
export const action = withResponseErrors(async ({ request, params }) => {
  requireLocalToken(request);
  const actor = await getActor(request);
  const sent = await readDifferenceRequest(request);
  const sessionId = params.id ?? "";
  const { source, label, after } = sent;
  const { version, isNew } = await addHead(actor, { sessionId, source, label, content: contentOf(sent), after });
  return Response.json({ id: sessionId, url: new URL(`/sessions/${sessionId}`, request.url).href, version, isNew });
});
