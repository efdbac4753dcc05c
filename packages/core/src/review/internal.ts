/** Operations for other domains that take no actor; the import rules say which domains may use them. */
export { reviewLogId } from "./ids";
export { modelReviewWork, runModelReview } from "./model/run";
export { reviewWork, runReview } from "./run";
