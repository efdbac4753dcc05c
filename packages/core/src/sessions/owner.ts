/** Sessions own codebases: who has access to their code, and what a new version of it asks for. */
import { authorize, isRefusedInTrash } from "../access/index";
import { defineOwner, type OwnerKind } from "../access/internal";
import type { Actor } from "../auth/schema";
import type { ReviewJob } from "../review/schema";
import type { Session } from "./schema";
import { readSession } from "./store";

/** Throws unless the actor may see a session, and what the running operation changes may be changed: none in the trash. */
export const authorizeInSession = (actor: Actor, { id, teamId, trashedAt }: Session): void =>
  authorize(actor, "sessions.read", { id, teamId, isTrashed: trashedAt !== undefined });

const sessionOwner: Omit<OwnerKind, "kind"> = {
  /** The team decides, which a codebase names as its session does: the session is loaded only before something changes. */
  async authorize(actor, { id, teamId, owner }) {
    authorize(actor, "sessions.read", { id, teamId });
    if (!isRefusedInTrash(actor)) return;
    const session = await readSession(owner.id);
    authorize(actor, "sessions.read", { id: owner.id, teamId, isTrashed: session?.trashedAt !== undefined });
  },
  jobForVersion: (sessionId, { number, authorId }): ReviewJob => ({
    ...{ kind: "review", sessionId, version: number, userId: authorId },
  }),
};

defineOwner({ kind: "session", ...sessionOwner });
/** A session that reviews a difference, which has limits of its own. */
defineOwner({ kind: "difference", ...sessionOwner });
