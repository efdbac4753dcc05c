import { invocation } from "@redline/core/platform/invocation";
import { handleReviewerRequest, parseReviewerRequest } from "@redline/core/reviewer-client/index";
import { createReviewer } from "@redline/core/reviewers/index";
import type { Context } from "aws-lambda";

const reviewer = createReviewer({ workerUrl: workerBesideBundle() });

/** The reviewers' engines, in a function of their own: answers what pages and reviews ask of them. */
export const handler = (event: unknown, context: Context): Promise<unknown> =>
  invocation("check", context, async () => handleReviewerRequest(reviewer, parseReviewerRequest(event)));

/** In a bundle the worker stands beside this file; from source the reviewers find their own. */
function workerBesideBundle(): URL | undefined {
  return import.meta.url.endsWith(".ts") ? undefined : new URL("./reviewer-worker.js", import.meta.url);
}
