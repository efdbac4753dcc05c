import { exportSarif } from "@redline/core/exports/index";
import { getActor } from "../http/actor.server";
import { download } from "../http/download.server";
import { withResponseErrors } from "../http/errors.server";

/** `GET /sessions/:id/export.sarif`: the session's open findings as code scanning takes them. */
export const loader = withResponseErrors(async ({ request, params }) => {
  const { name, sarif } = await exportSarif(await getActor(request), { id: params.id ?? "" });
  return download(sarif, { stem: name, extension: "sarif", type: "application/sarif+json" });
});
