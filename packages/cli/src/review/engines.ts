/** Where the reviewers' worker is: beside the bundle, or in the sources. */
import { ReviewerPool } from "./pool";

/** One worker for each core, within the pool's limit; fewer for fewer files. */
export function newPool(size?: number): ReviewerPool {
  const isBundled = !import.meta.url.endsWith(".ts");
  return new ReviewerPool(isBundled ? new URL("./reviewer-worker.js", import.meta.url) : undefined, size);
}
