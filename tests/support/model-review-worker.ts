/** Works on one review by a model in a process of its own, so that it can be killed: `model-review-worker.ts <job as JSON>`. */

import { runModelReview } from "@redline/core/review/internal";
import { setReviewerForTests } from "@redline/core/reviewer-client/index";
import { createReviewer } from "@redline/core/reviewers/index";

const reviewer = createReviewer();
setReviewerForTests({ ...reviewer, highlight: async (...args) => Array.from(await reviewer.highlight(...args)) });
await runModelReview(JSON.parse(process.argv[2] ?? ""));
await reviewer.close();
process.exit(0);
