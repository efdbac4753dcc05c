/** Sessions own codebases: who has access to their code, and what a new version of it asks for. */
import { authorize } from "../access/index";
import { defineOwner } from "../access/internal";
import type { Actor } from "../auth/schema";
import type { ReviewJob } from "../review/schema";

/**
 * Throws unless the actor may see a session, or the codebase of one: their team decides, which both of them name, so that
 * neither has to be loaded for the other.
 */
export const authorizeInSession = (actor: Actor, { id, teamId }: { id: string; teamId: string }): void =>
  authorize(actor, "sessions.read", { id, teamId });

defineOwner({
  kind: "session",
  authorize: authorizeInSession,
  jobForVersion: (sessionId, { number, authorId }): ReviewJob => ({
    ...{ kind: "review", sessionId, version: number, userId: authorId },
  }),
});
