import type { ReviewPage } from "./page";
import type { ReviewLogState } from "./use-review-log";

/** Shows the progress or failure of the head's review. */
export function ReviewProgress({ page, progress }: { page: ReviewPage; progress: ReviewLogState | null }) {
  if (!page.followLog) {
    if (page.review?.status !== "failed") return null;
    return (
      <p className="review-strip review-strip-line" role="status">
        Review of v{page.review.version} failed: {page.review.failure ?? "no reason given."} Your code is safe. Press
        Review to try again.
      </p>
    );
  }
  return (
    <p className="review-strip review-strip-line" role="status">
      Reviewing v{page.head.number}…{progress && progress.files > 1 && ` ${progress.done} of ${progress.files} files`}
      {progress?.path && ` · ${progress.path}`}
      <noscript>
        <meta httpEquiv="refresh" content="2" />
      </noscript>
    </p>
  );
}
