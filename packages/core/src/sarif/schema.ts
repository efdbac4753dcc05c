import type { Confidence, Coverage, Fix, Severity } from "../reviewers/schema";

/** The name of a finding's identity among the fingerprints of a SARIF result. */
export const FINGERPRINT = "redlineIdentity/v1";

/** Levels of a finding for other programs. */
export const LEVELS: Record<Severity, "error" | "warning" | "note"> = {
  critical: "error",
  major: "error",
  minor: "warning",
  nit: "note",
};

/** Lines and columns are 1-based, columns in UTF-16 code units; `endColumn` is behind the last character. */
export type ReportedFinding = {
  identity: string;
  path: string;
  line: number;
  column: number;
  endLine: number;
  endColumn: number;
  /** UTF-16 offsets into the file's text. */
  start: number;
  end: number;
  severity: Severity;
  confidence: Confidence;
  rule: string;
  title: string;
  explanation: string;
  /** False for what was there before the difference, or is in the baseline. */
  isNew: boolean;
  /** Only a fix that was verified to apply, to parse and to add no finding. */
  fix?: Fix;
};

export type ReportedFile = {
  path: string;
  coverage: Pick<Coverage, "state" | "reason" | "isFailed">;
  findings: ReportedFinding[];
  /** The text that was reviewed; absent where the file was skipped unread. */
  text?: string;
};
