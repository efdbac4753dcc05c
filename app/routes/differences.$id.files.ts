import { filesAfter } from "@redline/core/differences/index";
import { getActor } from "../http/actor.server";
import { withResponseErrors } from "../http/errors.server";
import { requireLocalToken } from "../http/local-token.server";

/** `GET /differences/:id/files?after=&wait=` by a program on this machine: what the session changed after a version. */
export const loader = withResponseErrors(async ({ request, params }) => {
  requireLocalToken(request);
  const actor = await getActor(request);
  const query = new URL(request.url).searchParams;
  const { signal } = request;
  const [version, waitMs] = [Number(query.get("after")), Number(query.get("wait")) * 1_000];
  return Response.json(await filesAfter(actor, { sessionId: params.id ?? "", version, waitMs, signal }));
});
