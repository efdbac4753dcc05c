/** What other domains need of this one without an actor; the import rules say which may. */
export { reviewLogId } from "./ids";
export { modelReviewWork, runModelReview } from "./model/run";
export { reviewWork, runReview } from "./run";
