/** Loads sessions with the check of access that every operation on them begins with. */
import type { Actor } from "../auth/schema";
import { AppError } from "../errors";
import { authorizeInSession } from "./owner";
import type { Session } from "./schema";
import { readSession } from "./store";

/** Throws SESSION_NOT_FOUND, or FORBIDDEN for a change to one in the trash. */
export async function loadSession(actor: Actor, { id }: { id: string }): Promise<Session> {
  const session = await findSession(id);
  authorizeInSession(actor, session);
  return session;
}

/** Loads a session to move it to the trash or back, which a session in the trash allows. */
export async function loadFromTrash(actor: Actor, { id }: { id: string }): Promise<Session> {
  const session = await findSession(id);
  authorizeInSession(actor, { ...session, trashedAt: undefined });
  return session;
}

async function findSession(id: string): Promise<Session> {
  const session = await readSession(id);
  if (!session) throw new AppError("SESSION_NOT_FOUND", "That session was not found.");
  return session;
}
