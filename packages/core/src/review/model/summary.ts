import { getCodebase } from "../../codebases/index";
import { getSession } from "../../sessions/index";
import { recordReview } from "../../sessions/internal";
import { countBySeverity, openFindings } from "../counts";
import { queryFindings } from "../store";
import type { ModelWork } from "./work";

/** Stores the number of open findings of both reviewers on the session, where lists show it. */
export async function recordOpenFindings({ actor, session: { id } }: ModelWork): Promise<void> {
  const session = await getSession(actor, { id });
  if (!session.review) return;
  const codebase = await getCodebase(actor, { id: session.codebaseId });
  const { findings } = await queryFindings(id);
  const open = await openFindings(codebase.teamId, codebase.tree, findings);
  await recordReview(session, { ...session.review, counts: countBySeverity(open) }, codebase.tree);
}
