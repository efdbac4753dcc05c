import { versionAfter } from "@redline/core/differences/index";
import { AppError } from "@redline/core/errors";
import { getActor } from "../http/actor.server";
import { withResponseErrors } from "../http/errors.server";

const WAIT_MS = 25_000;

/**
 * `GET /sessions/:id/next-version?after=`: `{version}`, once it is a later one, or after a while. Only on a laptop, where programs
 * give a session new heads; elsewhere a request that waits would be paid for.
 */
export const loader = withResponseErrors(async ({ request, params }) => {
  if (!process.env.REDLINE_LOCAL_TOKEN) throw new AppError("NOT_FOUND", "This page doesn't exist.");
  const actor = await getActor(request);
  const version = Number(new URL(request.url).searchParams.get("after"));
  const { signal } = request;
  return Response.json(await versionAfter(actor, { sessionId: params.id ?? "", version, waitMs: WAIT_MS, signal }));
});
