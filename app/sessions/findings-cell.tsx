import type { ReviewSummary } from "@redline/core/sessions/schema";
import { SeverityCounts } from "../ui/severity";

/** Shows a session's latest review in one line. */
export function FindingsCell({ review }: { review: ReviewSummary | undefined }) {
  if (!review) return <span className="text-quiet">Waiting for review…</span>;
  if (review.status === "failed") return <span className="text-danger">Review failed</span>;
  if (review.status !== "done") return <span className="text-quiet">Reviewing v{review.version}…</span>;
  if (openFindings(review) === 0) return <span className="text-quiet">No open findings</span>;
  return <SeverityCounts counts={review.counts} />;
}

export function openFindings(review: ReviewSummary | undefined): number {
  if (!review) return 0;
  const { critical, major, minor, nit } = review.counts;
  return critical + major + minor + nit;
}

/** Returns whether a session's review is pending, so that lists should refresh. */
export function isBeingReviewed({ review }: { review?: ReviewSummary }): boolean {
  return !review || review.status === "queued" || review.status === "running";
}
