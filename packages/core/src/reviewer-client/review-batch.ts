import { LIMITS } from "../limits";
import type { DuplicationReport, FileReport, ReviewOptions, SourceFile } from "../reviewers/index";

type BatchEngines = {
  /** How many files are worth handing over at the same time; one when absent. */
  threads?: number;
  check(file: SourceFile, options?: ReviewOptions): Promise<FileReport>;
  prove(file: SourceFile, report: FileReport): Promise<{ proven: string[] }>;
  duplication(files: SourceFile[]): Promise<DuplicationReport>;
};

export type ReviewBatchRequest = {
  files: SourceFile[];
  /** Files to search for duplicated code once all are reviewed; those above are named by their path. */
  duplicatesIn?: (SourceFile | string)[];
  /** Fixes are not verified, as none is offered. */
  withoutFixes?: true;
};

/** A file's report within the limits (`isWhole` when nothing was cut), and the identities of verified fixes. */
export type ReviewedFile = { report: FileReport; isWhole: boolean; proven: string[] };

/** The first files, as many as time allowed and at least one; `duplication` when requested and every file is reviewed. */
export type ReviewBatchResult = { reviewed: ReviewedFile[]; duplication?: DuplicationReport };

/** A file may take twice its deadline, and the function that holds the engines ends after a minute. */
const START_NO_FILE_AFTER_MS = 20_000;

/** Reviews several files in one call, because a call costs more than a small file takes. */
export async function runReviewBatch(
  engines: BatchEngines,
  { files, duplicatesIn, withoutFixes }: ReviewBatchRequest,
): Promise<ReviewBatchResult> {
  const startedAt = performance.now();
  const reviewed: ReviewedFile[] = [];
  const left = files.entries();
  const takeTurns = async () => {
    for (const [index, file] of left) {
      reviewed[index] = await reviewFile(engines, file, withoutFixes);
      if (performance.now() - startedAt > START_NO_FILE_AFTER_MS) return;
    }
  };
  await Promise.all(Array.from({ length: engines.threads ?? 1 }, takeTurns));
  if (reviewed.length < files.length) return { reviewed };
  if (!duplicatesIn) return { reviewed };
  const searched = duplicatesIn.flatMap((each) =>
    typeof each === "string" ? files.filter(({ path }) => path === each) : [each],
  );
  return { reviewed, duplication: await engines.duplication(searched) };
}

async function reviewFile(engines: BatchEngines, file: SourceFile, withoutFixes?: true): Promise<ReviewedFile> {
  const whole = await engines.check(file);
  const report = limitProblems(whole);
  const hasFixes = !withoutFixes && report.problems.some((problem) => problem.fix);
  const { proven } = hasFixes ? await engines.prove(file, report) : { proven: [] };
  return { report, isWhole: report === whole, proven };
}

function limitProblems(report: FileReport): FileReport {
  const { maxFindingsPerFile, maxFixesPerFile } = LIMITS.review;
  const fixes = report.problems.filter((problem) => problem.fix);
  if (report.problems.length <= maxFindingsPerFile && fixes.length <= maxFixesPerFile) return report;
  const order = { critical: 0, major: 1, minor: 2, nit: 3 };
  const worst = [...report.problems].sort((a, b) => order[a.severity] - order[b.severity]).slice(0, maxFindingsPerFile);
  const fixable = new Set(worst.filter((problem) => problem.fix).slice(0, maxFixesPerFile));
  const problems = worst
    .sort((a, b) => a.start - b.start)
    .map((problem) => (fixable.has(problem) ? problem : { ...problem, fix: undefined }));
  return { ...report, problems };
}
