import { getSession } from "@redline/core/sessions/index";
import { getActor } from "../http/actor.server";
import { withResponseErrors } from "../http/errors.server";

/** `GET /sessions/:id/trash-state`: `{isTrashed}`, for a page that was out of sight while another tab changed it. */
export const loader = withResponseErrors(async ({ request, params }) => {
  const { trashedAt } = await getSession(await getActor(request), { id: params.id ?? "" });
  return Response.json({ isTrashed: trashedAt !== undefined });
});
