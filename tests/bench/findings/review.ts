/** Reviews all files of a folder, as a first review of them would. */

import { isUtf8 } from "node:buffer";
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { createReviewer } from "@redline/core/reviewers/index";
import { type Coverage, detectLanguage, type Problem } from "@redline/core/reviewers/schema";

export type Finding = Problem & { language: string; text: string };

export type FolderReview = {
  findings: Finding[];
  /** Of files that were not skipped. */
  lines: number;
  files: number;
  coverage: Coverage[];
};

/** Findings past the limits of one file are not counted, as nobody sees them. */
export async function reviewFolder(dir: string): Promise<FolderReview> {
  const reviewer = createReviewer();
  const result: FolderReview = { findings: [], lines: 0, files: 0, coverage: [] };
  try {
    for (const path of filesOf(dir)) {
      const bytes = readFileSync(join(dir, path));
      if (bytes.includes(0) || !isUtf8(bytes)) continue;
      const text = bytes.toString("utf8");
      const language = detectLanguage(path, text);
      const report = await reviewer.check({ path, text, language });
      result.files++;
      result.coverage.push(report.coverage);
      if (report.coverage.state !== "skipped") result.lines += text.split("\n").length;
      result.findings.push(...report.problems.map((problem) => ({ ...problem, language, text })));
    }
  } finally {
    await reviewer.close();
  }
  return result;
}

/** Paths of a work tree's files that git knows, or of all files of a folder without git. */
function filesOf(dir: string): string[] {
  if (existsSync(join(dir, ".git"))) {
    const listed = execFileSync("git", ["-C", dir, "ls-files", "-z"], { encoding: "utf8", maxBuffer: 1 << 28 });
    return listed.split("\0").filter((path) => path !== "" && isFile(join(dir, path)));
  }
  return readdirSync(dir, { recursive: true, encoding: "utf8" })
    .filter((path) => !/(?:^|\/)(?:node_modules|\.git)\//.test(path) && isFile(join(dir, path)))
    .sort();
}

const isFile = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
