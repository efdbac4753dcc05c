/** Works on one review by a model in a process of its own, so that it can be killed: `model-review-worker.ts <job as JSON>`. */
import { provideChecker } from "@redline/core/checks/index";
import { runModelReview } from "@redline/core/review/internal";
import { createReviewer } from "@redline/core/reviewers/index";

const reviewer = createReviewer();
provideChecker({ ...reviewer, highlight: async (...args) => Array.from(await reviewer.highlight(...args)) });
await runModelReview(JSON.parse(process.argv[2] ?? ""));
await reviewer.close();
process.exit(0);
