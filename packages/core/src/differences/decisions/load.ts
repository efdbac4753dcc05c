import type { Actor } from "../../auth/schema";
import { getCodebase } from "../../codebases/index";
import type { Codebase } from "../../codebases/schema";
import { AppError } from "../../errors";
import { getSession } from "../../sessions/index";
import type { Session } from "../../sessions/schema";
import { type Difference, differenceOf } from "../read";

export type Loaded = { session: Session; codebase: Codebase; difference: Difference };

/** Loads a session's difference. Throws CHANGE_REFUSED for a session without one. */
export async function loadDifference(actor: Actor, id: string): Promise<Loaded> {
  const session = await getSession(actor, { id });
  const codebase = await getCodebase(actor, { id: session.codebaseId });
  const difference = await differenceOf(session, codebase);
  if (!difference) throw new AppError("CHANGE_REFUSED", "This session reviews no difference.");
  return { session, codebase, difference };
}
