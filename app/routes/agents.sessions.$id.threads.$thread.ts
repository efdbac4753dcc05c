import { replyAsAgent } from "@redline/core/agents/index";
import { parse } from "@redline/core/platform/operation";
import { getThread } from "@redline/core/threads/index";
import { newMessageId } from "@redline/core/threads/schema";
import { replyRequest } from "../agents/requests.server";
import { messageForAgents, threadForAgents } from "../agents/views.server";
import { getActor } from "../http/actor.server";
import { readJsonObject } from "../http/body.server";
import { withResponseErrors } from "../http/errors.server";
import { requireLocalToken } from "../http/local-token.server";

/** `GET /agents/sessions/:id/threads/:thread`: a thread with its latest messages. */
export const loader = withResponseErrors(async ({ request, params }) => {
  requireLocalToken(request);
  const at = { sessionId: params.id ?? "", threadId: params.thread ?? "" };
  const { thread, messages } = await getThread(await getActor(request), at);
  return Response.json({ thread: threadForAgents(thread), messages: messages.map(messageForAgents) });
});

/** `POST`: an agent's message in it. */
export const action = withResponseErrors(async ({ request, params }) => {
  requireLocalToken(request);
  const actor = await getActor(request);
  const { messageId = newMessageId(), ...sent } = await parse(replyRequest, await readJsonObject(request));
  const at = { sessionId: params.id ?? "", threadId: params.thread ?? "" };
  const message = await replyAsAgent(actor, { ...at, ...sent, messageId });
  return Response.json(messageForAgents(message), { status: 201 });
});
