/** Reviews the files of a difference: what the head has, and which of it the base had not. */

import { LIMITS } from "@redline/core/limits";
import { compareFindings, type Reviewer } from "@redline/core/reviewers/index";
import { detectLanguage, type FileReport, type Problem, type SourceFile } from "@redline/core/reviewers/schema";
import { diffEdits, LineIndex } from "@redline/core/text/index";
import type { Config } from "../config/config";
import type { ChangedFile, Git, Unreadable } from "../git/git";
import { decodeFile, isStoredAs } from "./file-text";
import { fixFile } from "./fix";
import type { Finding, ReviewedFile } from "./result";

/** Where the texts of a file come from. */
export type Source = Pick<Git, "read">;

export type FileReview = {
  source: Source;
  config: Config;
  /** Identities of findings that are not new whatever the base says. */
  baseline: ReadonlySet<string>;
  /** Called with a file's bytes and its text with the safe fixes applied; returns why it was not written, if so. */
  write?: (path: string, bytes: Buffer, text: string) => Promise<string | undefined>;
};

export const READ_LIMIT_BYTES = LIMITS.review.maxFileBytes;

/** Reviews one file; undefined for one whose content the difference does not change. */
export async function reviewFile(
  file: ChangedFile,
  reviewer: Reviewer,
  of: FileReview,
): Promise<ReviewedFile | undefined> {
  const { path, head, base } = file;
  if (!head) return file.status === "unmerged" ? skipped(path, "has conflicts in the index") : undefined;
  const bytes = await of.source.read(path, head, READ_LIMIT_BYTES);
  if (!Buffer.isBuffer(bytes)) return skipped(path, bytes.reason);
  if (base && isUnchanged(file, bytes)) return undefined;
  const decoded = decodeFile(bytes);
  if ("reason" in decoded) return skipped(path, decoded.reason);
  const { text } = decoded;
  const source = { path, text, language: detectLanguage(path, text) };
  const report = await reviewer.check(source);
  const baseText = report.problems.length > 0 ? await readBase(file, of.source) : undefined;
  const review = await compareWithBase({ source, report, baseText, reviewer, of });
  if (!of.write) return review;
  return fixFile(review, source, reviewer, {
    write: (fixed) => of.write?.(path, bytes, fixed) ?? Promise.resolve(undefined),
    again: async (fixed) => {
      const after = { ...source, text: fixed };
      return compareWithBase({ source: after, report: await reviewer.check(after), baseText, reviewer, of });
    },
  });
}

type Comparison = {
  source: SourceFile;
  report: FileReport;
  baseText: string | undefined;
  reviewer: Reviewer;
  of: Pick<FileReview, "config" | "baseline">;
};

/** Tells new findings from old ones, and keeps of the fixes of new ones those that hold. */
export async function compareWithBase({ source, report, baseText, reviewer, of }: Comparison): Promise<ReviewedFile> {
  const { path, text } = source;
  const problems = report.problems.flatMap((problem) => {
    const severity = of.config.severityOf(problem.rule, path, problem.severity);
    return severity === "off" ? [] : [{ ...problem, severity }];
  });
  let added = problems;
  if (baseText !== undefined && problems.length > 0) {
    const before = withLineEndsOf(text, baseText);
    const { problems: known } = await reviewer.check({ ...source, text: before });
    added = compareFindings(known, problems, diffEdits(before, text)).added;
  }
  const fresh = added.filter(({ identity }) => !of.baseline.has(identity));
  const { proven } = await reviewer.prove(source, { ...report, problems: fresh });
  const isNew = new Set(fresh);
  const holds = new Set(proven);
  const lines = new LineIndex(text);
  const findings = problems.map((problem) =>
    toFinding(problem, lines, {
      isNew: isNew.has(problem),
      withFix: isNew.has(problem) && holds.has(problem.identity),
    }),
  );
  return { path, coverage: report.coverage, findings, text };
}

function toFinding(
  { startLine: _from, endLine: _to, symbol: _symbol, fix, ...problem }: Problem,
  lines: LineIndex,
  { isNew, withFix }: { isNew: boolean; withFix: boolean },
): Finding {
  const [line, column] = lines.placeOf(problem.start);
  const [endLine, endColumn] = lines.endPlaceOf(problem.start, problem.end);
  return { ...problem, line, column, endLine, endColumn, isNew, ...(withFix && fix && { fix }) };
}

export function skipped(path: string, reason: string): ReviewedFile {
  return { path, coverage: { path, state: "skipped", reason }, findings: [] };
}

/** A file whose mode or time changed alone is listed by git, too. */
function isUnchanged({ base, head }: ChangedFile, bytes: Buffer): boolean {
  const before = base?.source;
  if (before === undefined || before === "work-tree" || base?.kind === "symlink" || base?.kind === "submodule")
    return false;
  const after = head?.source;
  return after && after !== "work-tree" ? after.blob === before.blob : isStoredAs(bytes, before.blob);
}

/** Decodes what a base has; undefined for what is no text, or not there. */
export function baseTextOf(content: Buffer | Unreadable): string | undefined {
  const decoded = Buffer.isBuffer(content) ? decodeFile(content) : content;
  return "text" in decoded ? decoded.text : undefined;
}

/** git keeps files with LF where the work tree may have CRLF. */
const withLineEndsOf = (text: string, base: string): string =>
  text.includes("\r\n") && !base.includes("\r\n") ? base.replaceAll("\n", "\r\n") : base;

/** The text of the base; undefined where there is none that can be compared. */
async function readBase({ path, from, base }: ChangedFile, source: Source): Promise<string | undefined> {
  if (!base) return undefined;
  return baseTextOf(await source.read(from ?? path, base, READ_LIMIT_BYTES));
}
