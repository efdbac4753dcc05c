import { exportReview } from "@redline/core/differences/index";
import { getActor } from "../http/actor.server";
import { download } from "../http/download.server";
import { withResponseErrors } from "../http/errors.server";

/** `GET /sessions/:id/export.md`: the review of a difference as Markdown. */
export const loader = withResponseErrors(async ({ request, params }) => {
  const { name, markdown } = await exportReview(await getActor(request), { sessionId: params.id ?? "" });
  return download(markdown, { stem: name, extension: "md", type: "text/markdown; charset=utf-8" });
});
