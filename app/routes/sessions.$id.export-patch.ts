import { exportPatch } from "@redline/core/differences/index";
import { getActor } from "../http/actor.server";
import { download } from "../http/download.server";
import { withResponseErrors } from "../http/errors.server";

/** `GET /sessions/:id/export.patch`: a difference, with what was accepted, as a patch for `git apply`. */
export const loader = withResponseErrors(async ({ request, params }) => {
  const { name, patch } = await exportPatch(await getActor(request), { sessionId: params.id ?? "" });
  return download(patch, { stem: name, extension: "patch", type: "text/x-patch; charset=utf-8" });
});
