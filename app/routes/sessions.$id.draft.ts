import { discardDraft, getDraft, saveDraft } from "@redline/core/codebases/index";
import { getSession } from "@redline/core/sessions/index";
import { getActor } from "../http/actor.server";
import { readJsonObject } from "../http/body.server";
import { withResponseErrors } from "../http/errors.server";

/** `GET /sessions/:id/draft?draftId=`: the edits under that draft id that are not saved as a version, or null. */
export const loader = withResponseErrors(async ({ request, params }) => {
  const actor = await getActor(request);
  const { codebaseId } = await getSession(actor, { id: params.id ?? "" });
  const draftId = new URL(request.url).searchParams.get("draftId") ?? "";
  return Response.json(await getDraft(actor, { codebaseId, draftId }));
});

export const actionMethods = ["POST", "DELETE"];

/** `POST /sessions/:id/draft` keeps `{draftId, base, files}`; `DELETE` with `{draftId}` discards it. */
export const action = withResponseErrors(async ({ request, params }) => {
  const actor = await getActor(request);
  const { codebaseId } = await getSession(actor, { id: params.id ?? "" });
  const body = await readJsonObject(request);
  if (request.method === "DELETE") {
    await discardDraft(actor, { codebaseId, draftId: body.draftId });
    return Response.json({});
  }
  return Response.json(
    await saveDraft(actor, { draftId: body.draftId, base: body.base, files: body.files, codebaseId }),
  );
});
