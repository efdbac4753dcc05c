/** Kinds of thing that own codebases. The domain of each defines it; codebases act on all of them alike. */
import type { Actor } from "../auth/schema";
import type { Codebase, CodebaseOwner, Version } from "../codebases/schema";
import type { OutboxJob } from "../platform/outbox";

export type OwnerKind = {
  kind: CodebaseOwner["kind"];
  /**
   * Throws unless the actor has access to the owner, and by it to the codebase. What is on the codebase must do where the
   * team decides; an owner that is private or shared is loaded here.
   */
  authorize: (actor: Actor, codebase: Pick<Codebase, "id" | "teamId" | "owner">) => void | Promise<void>;
  /** Returns the job that a new version asks for; undefined for none. */
  jobForVersion: (ownerId: string, version: Version) => OutboxJob | undefined;
};

const kinds = new Map<string, OwnerKind>();

/** Registers a kind of owner, when its domain is loaded; loaded anew, the last definition counts. */
export function defineOwner(owner: OwnerKind): void {
  kinds.set(owner.kind, owner);
}

/** Returns a kind of owner. Throws when its domain is not part of this process. */
export function ownerKind(kind: string): OwnerKind {
  const owner = kinds.get(kind);
  if (!owner) throw new Error(`No owner of the kind "${kind}" is defined in this process.`);
  return owner;
}
