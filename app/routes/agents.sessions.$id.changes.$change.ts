import { getDecision } from "@redline/core/agents/index";
import { applyChange } from "@redline/core/changes/index";
import { parse } from "@redline/core/platform/operation";
import { getSession } from "@redline/core/sessions/index";
import { applyRequest } from "../agents/requests.server";
import { getActor } from "../http/actor.server";
import { readJsonObject } from "../http/body.server";
import { withResponseErrors } from "../http/errors.server";
import { requireLocalToken } from "../http/local-token.server";

/** `GET /agents/sessions/:id/changes/:change`: what was decided on an agent's change. */
export const loader = withResponseErrors(async ({ request, params }) => {
  requireLocalToken(request);
  const actor = await getActor(request);
  return Response.json(await getDecision(actor, { sessionId: params.id ?? "", changeId: params.change ?? "" }));
});

/** `POST`: applies it without a person, which the owner allowed its agent; the version is in the agent's name. */
export const action = withResponseErrors(async ({ request, params }) => {
  requireLocalToken(request);
  const actor = await getActor(request);
  const { agent } = await parse(applyRequest, await readJsonObject(request));
  const at = { sessionId: params.id ?? "", changeId: params.change ?? "" };
  const [{ codebaseId }] = await Promise.all([getSession(actor, { id: at.sessionId }), getDecision(actor, at)]);
  const outcome = await applyChange({ ...actor, name: agent.slice(0, 60) }, { codebaseId, changeId: at.changeId });
  return Response.json(outcome);
});
