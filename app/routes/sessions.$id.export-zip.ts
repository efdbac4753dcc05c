import { zipSession } from "@redline/core/exports/index";
import { getSession } from "@redline/core/sessions/index";
import { getActor } from "../http/actor.server";
import { download } from "../http/download.server";
import { withResponseErrors } from "../http/errors.server";

/** `GET /sessions/:id/export.zip`: the files of a session's newest version. */
export const loader = withResponseErrors(async ({ request, params }) => {
  const actor = await getActor(request);
  const session = await getSession(actor, { id: params.id ?? "" });
  const zip = await zipSession(actor, { id: session.id });
  return download(new Uint8Array(zip), { stem: session.name, extension: "zip", type: "application/zip" });
});
