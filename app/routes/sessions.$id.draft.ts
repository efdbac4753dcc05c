import { discardDraft, getDraft, saveDraft } from "@redline/core/codebases/index";
import { getSession } from "@redline/core/sessions/index";
import { getActor } from "../http/actor.server";
import { readJsonObject } from "../http/body.server";
import { withResponseErrors } from "../http/errors.server";

/** `GET /sessions/:id/draft?window=`: what that window has typed and not saved as a version, or null. */
export const loader = withResponseErrors(async ({ request, params }) => {
  const actor = await getActor(request);
  const { codebaseId } = await getSession(actor, { id: params.id ?? "" });
  const window = new URL(request.url).searchParams.get("window") ?? "";
  return Response.json(await getDraft(actor, { codebaseId, window }));
});

export const actionMethods = ["POST", "DELETE"];

/** `POST /sessions/:id/draft` keeps `{window, base, files}`; `DELETE` with `{window}` discards it. */
export const action = withResponseErrors(async ({ request, params }) => {
  const actor = await getActor(request);
  const { codebaseId } = await getSession(actor, { id: params.id ?? "" });
  const body = await readJsonObject(request);
  if (request.method === "DELETE") {
    await discardDraft(actor, { codebaseId, window: body.window });
    return Response.json({});
  }
  return Response.json(await saveDraft(actor, { window: body.window, base: body.base, files: body.files, codebaseId }));
});
