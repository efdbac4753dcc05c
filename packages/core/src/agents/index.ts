/** Agents' face: they propose changes, are told what was decided, and answer in threads. People decide. */
import * as v from "valibot";
import { resolveTeam } from "../access/index";
import type { Actor } from "../auth/schema";
import { changeIdSchema } from "../changes/schema";
import { getCodebase } from "../codebases/index";
import { AppError } from "../errors";
import { operation } from "../platform/operation";
import { getSession } from "../sessions/index";
import { sessionId } from "../sessions/schema";
import { post } from "../threads/internal";
import { decisionOf } from "./decision";
import { propose } from "./propose";
import { openTreeSchema, proposeSchema, replySchema } from "./schema";
import { openTree } from "./tree";

/**
 * Returns the session in which the agents of a work tree propose, and makes it where there is none. Files that it lacks are
 * added; those that were changed in the work tree since are brought up to date, merged with what was accepted here.
 */
export const openTreeSession = operation("agents.openTree", "code.edit", openTreeSchema, async (actor, input) =>
  openTree(actor, { ...input, teamId: resolveTeam(actor, input.teamId) }),
);

/**
 * Proposes a change in the name of an agent: a message of a thread holds it. Throws CHANGE_REFUSED for one that does not apply to
 * the session's code, and nothing is written then. Idempotent by the thread's and the message's id.
 */
export const proposeAsAgent = operation("agents.propose", "threads.write", proposeSchema, async (actor, input) => {
  const { session, codebase } = await load(actor, input.sessionId);
  return propose(actor, session, codebase, input);
});

/** Returns what was decided on each hunk of a change that an agent proposed, with people's notes. */
export const getDecision = operation(
  "agents.getDecision",
  "sessions.read",
  v.object({ sessionId, changeId: changeIdSchema }),
  async (actor, input) => {
    const { session, codebase } = await load(actor, input.sessionId);
    return decisionOf(session, codebase, input.changeId);
  },
);

/** Posts an agent's message in a thread. Idempotent by its id. */
export const replyAsAgent = operation("agents.reply", "threads.write", replySchema, async (actor, input) => {
  const { session, codebase } = await load(actor, input.sessionId);
  if (input.text.trim() === "") throw new AppError("INVALID_INPUT", "Enter a message.", { field: "text" });
  const { messageId: id, agent, text } = input;
  const note = { id, text, agent, messageKind: "ask" as const, wantsReply: false, follows: false };
  return post(actor, session, codebase, input.threadId, note);
});

async function load(actor: Actor, id: string) {
  const session = await getSession(actor, { id });
  return { session, codebase: await getCodebase(actor, { id: session.codebaseId }) };
}
