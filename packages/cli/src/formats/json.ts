/** Findings for programs. The shape is promised: fields are added, never renamed or removed. */
import { blobIdOf } from "../review/file-text";
import type { Finding, ReviewedFile, Summary } from "../review/result";
import type { Format } from "./format";

export const jsonFormat: Format = {
  end: (files, summary) => ({ text: `${JSON.stringify(report(files, summary), null, 2)}\n` }),
};

function report(files: readonly ReviewedFile[], summary: Summary) {
  return {
    findings: files.flatMap(entries),
    coverage: files.map(({ coverage }) => coverage),
    summary,
  };
}

function entries({ findings, text }: ReviewedFile) {
  const hasFix = findings.some(({ fix }) => fix);
  const base = hasFix && text !== undefined ? blobIdOf(Buffer.from(text)) : undefined;
  return findings.map((finding) => entry(finding, base));
}

/** `fix.base` is git's name of the text that its offsets count in: `redline apply` takes a finding with a fix. */
function entry(
  { path, line, endLine, column, severity, confidence, rule, title, explanation, isNew, fix }: Finding,
  base: string | undefined,
) {
  return {
    ...{ path, line, endLine, column, severity, confidence, rule, title, explanation, isNew },
    ...(fix && { fix: { ...fix, base } }),
  };
}
