import { LIMITS } from "../limits";
import type { DuplicationReport, FileReport, ReviewOptions, SourceFile } from "../reviewers/index";

type Engines = {
  check(file: SourceFile, options?: ReviewOptions): Promise<FileReport>;
  prove(file: SourceFile, report: FileReport): Promise<{ proven: string[] }>;
  duplication(files: SourceFile[]): Promise<DuplicationReport>;
};

export type InTurnRequest = {
  files: SourceFile[];
  /** Where to look for code that is repeated, once all files are reviewed: files by themselves, those above by their path. */
  duplicatesIn?: (SourceFile | string)[];
};

/** A file's problems as far as they are kept, and the identities of those whose fix holds. */
export type ReviewedFile = { report: FileReport; isWhole: boolean; proven: string[] };

/** The first of the files, as many as there was time for and one at least; `duplication` where it was asked for and all are. */
export type InTurnAnswer = { reviewed: ReviewedFile[]; duplication?: DuplicationReport };

/** A file may take twice its deadline, and the function that the engines are in a minute. */
const BEGIN_NO_MORE_AFTER_MS = 20_000;

/** Reviews several files in one call, because a call costs more than a small file takes. */
export async function reviewInTurn(engines: Engines, { files, duplicatesIn }: InTurnRequest): Promise<InTurnAnswer> {
  const startedAt = performance.now();
  const reviewed: ReviewedFile[] = [];
  for (const file of files) {
    if (reviewed.length > 0 && performance.now() - startedAt > BEGIN_NO_MORE_AFTER_MS) return { reviewed };
    const whole = await engines.check(file);
    const report = limitProblems(whole);
    const hasFixes = report.problems.some((problem) => problem.fix);
    const { proven } = hasFixes ? await engines.prove(file, report) : { proven: [] };
    reviewed.push({ report, isWhole: report === whole, proven });
  }
  if (!duplicatesIn) return { reviewed };
  const searched = duplicatesIn.flatMap((each) =>
    typeof each === "string" ? files.filter(({ path }) => path === each) : [each],
  );
  return { reviewed, duplication: await engines.duplication(searched) };
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
