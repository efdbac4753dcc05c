import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import type { FileReport, SourceFile } from "../reviewers/schema";
import { runReviewBatch } from "./review-batch";

const files = ["a.ts", "b.ts", "c.ts", "d.ts"].map((path) => ({ path, language: "typescript", text: "a\n" }));

/** Engines that take longest for the first file, and count the files that they are given at the same time. */
function slowEngines(threads?: number) {
  const engines = { threads, busy: 0, mostBusy: 0, check, prove: async () => ({ proven: [] }), duplication };
  async function check({ path }: SourceFile): Promise<FileReport> {
    engines.busy += 1;
    engines.mostBusy = Math.max(engines.mostBusy, engines.busy);
    await sleep(path === "a.ts" ? 30 : 1);
    engines.busy -= 1;
    return { path, coverage: { path, state: "covered" }, problems: [] } as unknown as FileReport;
  }
  async function duplication() {
    return { blocks: [], duplicatedLines: {} };
  }
  return engines;
}

it.each([
  ["one file at a time by engines with one thread", undefined, 1],
  ["as many files at a time as the engines have threads", 2, 2],
])("reviews %s, and reports them in their order", async (_how, threads, most) => {
  const engines = slowEngines(threads);
  const { reviewed } = await runReviewBatch(engines, { files });
  expect(reviewed.map(({ report }) => report.path)).toEqual(files.map(({ path }) => path));
  expect(engines.mostBusy).toBe(most);
});
