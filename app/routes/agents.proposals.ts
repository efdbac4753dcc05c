import { openTreeSession, proposeAsAgent } from "@redline/core/agents/index";
import { parse } from "@redline/core/platform/operation";
import { newMessageId, newThreadId } from "@redline/core/threads/schema";
import { proposalRequest, toTreeFiles } from "../agents/requests.server";
import { getActor } from "../http/actor.server";
import { readJsonObject } from "../http/body.server";
import { withResponseErrors } from "../http/errors.server";
import { requireLocalToken } from "../http/local-token.server";

/**
 * `POST /agents/proposals` by a program on this machine (docs/agents.md): proposes a change in a session, or in that of a work
 * tree, and returns where a person decides on it.
 */
export const action = withResponseErrors(async ({ request }) => {
  requireLocalToken(request);
  const actor = await getActor(request);
  const sent = await parse(proposalRequest, await readJsonObject(request));
  const { tree, session, thread, threadId = newThreadId(), messageId = newMessageId(), ...about } = sent;
  const opened = tree && (await openTreeSession(actor, { ...tree, files: toTreeFiles(about.files) }));
  const sessionId = opened?.id ?? session ?? "";
  const made = await proposeAsAgent(actor, {
    ...{ ...about, sessionId, messageId, threadId: thread ?? threadId },
    continues: thread !== undefined,
  });
  const file = encodeURIComponent(about.files[0]?.path ?? "");
  const url = new URL(`/sessions/${sessionId}?file=${file}&thread=${made.threadId}`, request.url).href;
  return Response.json({ ...made, url }, { status: 201 });
});
