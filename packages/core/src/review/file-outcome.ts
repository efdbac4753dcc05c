/** The seam between the reviewers of a session, the built-in one and models, and what is stored of their findings. */
import type { Codebase } from "../codebases/schema";
import { supersedeFixes } from "./fixes";
import type { Finding, FindingSource } from "./schema";
import { writeFindings } from "./store";

/** The effects of a review of one file, compared with its own findings before. */
export type FileOutcome = {
  /** Findings to store: new ones, and those that are not as they were stored. */
  put: Finding[];
  /** Findings to remove. */
  resolved: Finding[];
  /** Findings as they were, whose fix is none any more. */
  formerFixes: Finding[];
};

/** Returns the findings of one source: a reviewer re-evaluates only its own. */
export const findingsBy = <Each extends Finding>(source: FindingSource, findings: readonly Each[]): Each[] =>
  findings.filter((finding) => finding.source === source);

/**
 * Stores a file's outcome. Idempotent. Fixes are superseded last: a user who accepts one of them at this moment is told
 * that it was replaced, and the finding has its replacement.
 */
export async function storeOutcome(codebase: Codebase, { put, resolved, formerFixes }: FileOutcome): Promise<void> {
  await writeFindings(put, resolved);
  await supersedeFixes(codebase, formerFixes, put);
}
