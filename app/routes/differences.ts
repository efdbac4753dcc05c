import { createDifference } from "@redline/core/differences/index";
import { newAttemptKey } from "@redline/core/sessions/schema";
import { contentOf, readDifferenceRequest } from "../difference/read-request.server";
import { getActor } from "../http/actor.server";
import { withResponseErrors } from "../http/errors.server";
import { requireLocalToken } from "../http/local-token.server";

/** `POST /differences` by a program on this machine (docs/differences.md): returns the id and address of a new session. */
export const action = withResponseErrors(async ({ request }) => {
  requireLocalToken(request);
  const actor = await getActor(request);
  const sent = await readDifferenceRequest(request);
  const { key = newAttemptKey(), name, source = { kind: "patch" as const } } = sent;
  const session = await createDifference(actor, { key, name, source, content: contentOf(sent) });
  const url = new URL(`/sessions/${session.id}`, request.url).href;
  return Response.json({ id: session.id, url, version: session.difference?.head }, { status: 201 });
});
