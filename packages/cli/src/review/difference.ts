/** Reviews a whole difference, several files at a time. */
import { sourceEnginesOf } from "@redline/core/reviewers/index";
import { detectLanguage } from "@redline/core/reviewers/schema";
import type { ChangedFile } from "../git/git";
import type { Job, ReviewerPool } from "./pool";
import type { ReviewedFile } from "./result";
import { type FileReview, reviewFile } from "./review";

/** Yields the files in the order of the difference, each as soon as it and those before it are done. */
export async function* reviewDifference(
  files: readonly ChangedFile[],
  pool: ReviewerPool,
  of: FileReview,
): AsyncGenerator<ReviewedFile> {
  const done: (ReviewedFile | undefined)[] = [];
  const waiting = new Map<number, () => void>();
  const jobs = files.map((file, index): Job => {
    return {
      lane: sourceEnginesOf(detectLanguage(file.path, "")),
      run: async (reviewer) => {
        done[index] = await reviewFile(file, reviewer, of);
        waiting.get(index)?.();
      },
    };
  });
  const all = pool.runAll(jobs);
  for (const index of files.keys()) {
    if (!(index in done)) {
      const isDone = new Promise<void>((resolve) => waiting.set(index, resolve));
      await Promise.race([isDone, all]);
    }
    const reviewed = done[index];
    if (reviewed) yield reviewed;
    delete done[index];
  }
  await all;
}
