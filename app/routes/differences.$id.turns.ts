import { endTurn, startTurn } from "@redline/core/differences/index";
import { AppError } from "@redline/core/errors";
import { getActor } from "../http/actor.server";
import { readJsonObject } from "../http/body.server";
import { withResponseErrors } from "../http/errors.server";
import { requireLocalToken } from "../http/local-token.server";

/** `POST /differences/:id/turns` by a program on this machine: an agent's turn starts or ends. */
export const action = withResponseErrors(async ({ request, params }) => {
  requireLocalToken(request);
  const actor = await getActor(request);
  const { state, label } = await readJsonObject(request);
  const sessionId = params.id ?? "";
  if (state === "start") return Response.json({ turn: await startTurn(actor, { sessionId, label }) });
  if (state === "end") return Response.json(await endTurn(actor, { sessionId }));
  throw new AppError("INVALID_INPUT", 'Set "state" to "start" or "end".', { field: "state" });
});
