/** A format of `redline review`. */
import type { Severity } from "@redline/core/reviewers/schema";
import type { ReviewedFile, Summary } from "../review/result";

export type ReportContext = {
  failOn: Severity;
  version: string;
};

/** `notes` are for people, beside the output: what had to be left out of it. */
export type Output = { text: string; notes?: string[] };

export interface Format {
  /** Text for one file, printed as soon as it is reviewed. */
  file?(file: ReviewedFile): string;
  /** Text at the end, when all files are reviewed. */
  end(files: readonly ReviewedFile[], summary: Summary): Output;
}
