import type { TreeEntry } from "../codebases/schema";
import { nowIso } from "../platform/clock";
import { factsOf } from "./facts";
import { forgetRecent } from "./recent";
import type { ReviewSummary, Session } from "./schema";
import { writeModelReviewId, writeReviewSummary } from "./store";

export { purgeTrash } from "./purge";

/** What a finished review changes on its session: the summary that lists show, and the facts of the reviewed files. */
export async function recordReview(session: Session, review: ReviewSummary, tree: TreeEntry[]): Promise<void> {
  await writeReviewSummary(session, review, { ...factsOf(tree), updatedAt: nowIso() });
  forgetRecent(session.teamId);
}

/** Names the review by a model that a session's page shows: before it is written, so that none is ever missed. */
export const recordModelReview = (session: Session, modelReviewId: string): Promise<void> =>
  writeModelReviewId(session.id, modelReviewId);
