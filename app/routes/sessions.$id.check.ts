import { checkText } from "@redline/core/review/index";
import { getActor } from "../http/actor.server";
import { readJsonObject } from "../http/body.server";
import { withResponseErrors } from "../http/errors.server";

/** `POST /sessions/:id/check` with `{path, text, language}`: the problems of a text that is being typed. Nothing is stored. */
export const action = withResponseErrors(async ({ request, params }) => {
  const actor = await getActor(request);
  const { path, text, language } = await readJsonObject(request);
  return Response.json(await checkText(actor, { sessionId: params.id ?? "", path, text, language }));
});
