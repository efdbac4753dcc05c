import { readFile } from "@redline/core/codebases/index";
import { getSession } from "@redline/core/sessions/index";
import { getActor } from "../http/actor.server";
import { withResponseErrors } from "../http/errors.server";

/** `GET /sessions/:id/text?path=&version=`: a file's text whole, byte for byte, where the page has only a part of it. */
export const loader = withResponseErrors(async ({ request, params }) => {
  const actor = await getActor(request);
  const { codebaseId } = await getSession(actor, { id: params.id ?? "" });
  const query = new URL(request.url).searchParams;
  const version = Number(query.get("version")) || undefined;
  const { text } = await readFile(actor, { codebaseId, path: query.get("path") ?? "", version });
  return new Response(text, { headers: { "content-type": "text/plain; charset=utf-8" } });
});
