/** Loads the session of an operation on threads, and a thread at its place on the head. */
import type { Actor } from "../auth/schema";
import { getCodebase } from "../codebases/index";
import type { Codebase } from "../codebases/schema";
import { getSession } from "../sessions/index";
import { type Session, sessionId } from "../sessions/schema";
import { resolveAnchors } from "./anchor-threads";
import { type Thread, threadIdSchema } from "./schema";
import type { StoredThread } from "./store";

export const inThread = { sessionId, threadId: threadIdSchema };

export async function load(actor: Actor, id: string): Promise<{ session: Session; codebase: Codebase }> {
  const session = await getSession(actor, { id });
  return { session, codebase: await getCodebase(actor, { id: session.codebaseId }) };
}

export async function onHead(codebase: Codebase, thread: StoredThread): Promise<Thread> {
  return (await resolveAnchors(codebase, [thread]))[0] as Thread;
}
