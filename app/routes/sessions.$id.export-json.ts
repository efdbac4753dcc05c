import { exportSession } from "@redline/core/exports/index";
import { getActor } from "../http/actor.server";
import { download } from "../http/download.server";
import { withResponseErrors } from "../http/errors.server";

/** `GET /sessions/:id/export.json`: everything about a session as one document. */
export const loader = withResponseErrors(async ({ request, params }) => {
  const document = await exportSession(await getActor(request), { id: params.id ?? "" });
  const body = `${JSON.stringify(document, null, 2)}\n`;
  return download(body, { stem: document.session.name, extension: "json", type: "application/json; charset=utf-8" });
});
