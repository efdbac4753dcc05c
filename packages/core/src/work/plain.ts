import { plainEntity } from "./attributes";
import { WorkItems, type WorkKey } from "./items";
import type { WorkItem } from "./schema";

/** An item of work with nothing to it but its input. */
export type PlainWork<Input> = WorkKey & WorkItem & { requestedAt: string; input: Input };

/** Items of a kind that has none of its own; what its job says is the item's key and `userId`. */
export const plainWorkItems = <Input>(kind: string): WorkItems<PlainWork<Input>> =>
  new WorkItems<PlainWork<Input>>(plainEntity(kind), ({ sessionId, id, userId }) => ({ kind, sessionId, id, userId }));
