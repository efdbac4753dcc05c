import { availableParallelism } from "node:os";
import { isInLambda } from "@redline/core/platform/env";
import { invocation } from "@redline/core/platform/invocation";
import { handleReviewerRequest, parseReviewerRequest } from "@redline/core/reviewer-client/index";
import { createReviewer } from "@redline/core/reviewers/index";
import type { Context } from "aws-lambda";

/** On AWS the function has one processor's time. With two, the second thread's start costs more than it gains (ADR 34). */
const threads = isInLambda() ? 1 : availableParallelism() < 4 ? 1 : 2;
const reviewer = createReviewer({ workerUrl: workerBesideBundle(), threads });

/** The reviewers' engines, in a function of their own: runs what pages and reviews request of them. */
export const handler = (event: unknown, context: Context): Promise<unknown> =>
  invocation("check", context, async () => handleReviewerRequest(reviewer, parseReviewerRequest(event)));

/** In a bundle the worker stands beside this file; from source the reviewers find their own. */
function workerBesideBundle(): URL | undefined {
  return import.meta.url.endsWith(".ts") ? undefined : new URL("./reviewer-worker.js", import.meta.url);
}
