import type { TreeEntry } from "../codebases/schema";
import { nowIso } from "../platform/clock";
import { fileFactsOf } from "./facts";
import { invalidateRecentSessions } from "./recent";
import type { ReviewSummary, Session } from "./schema";
import { writeModelReviewId, writeReviewSummary } from "./store";

export { createWithFiles } from "./create";
export { fileFactsOf } from "./facts";
export { importFiles } from "./import-files";
export { purgeTrash } from "./purge";
export { invalidateRecentSessions } from "./recent";
export { createSessionWrites, differenceWrite } from "./store";
export { readUpload } from "./uploads";

/** Stores a finished review's summary, and the facts of the reviewed files, on the session. */
export async function recordReview(session: Session, review: ReviewSummary, tree: TreeEntry[]): Promise<void> {
  await writeReviewSummary(session, review, { ...fileFactsOf(tree), updatedAt: nowIso() });
  invalidateRecentSessions(session.teamId);
}

/**
 * Stores the id of the model review that a session's page shows: before the review is written, so that none is missed.
 */
export const recordModelReview = (session: Session, modelReviewId: string): Promise<void> =>
  writeModelReviewId(session.id, modelReviewId);
