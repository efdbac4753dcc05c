/** GitLab's code quality report, which merge requests show. */
import type { Severity } from "@redline/core/reviewers/schema";
import type { Finding } from "../review/result";
import type { Format } from "./format";

const SEVERITIES: Record<Severity, string> = { critical: "critical", major: "major", minor: "minor", nit: "info" };

export const gitlabFormat: Format = {
  end: (files) => ({
    text: `${JSON.stringify(
      files.flatMap(({ findings }) => findings.filter(({ isNew }) => isNew).map(issue)),
      null,
      2,
    )}\n`,
  }),
};

const issue = ({ title, explanation, rule, identity, severity, path, line, endLine }: Finding) => ({
  description: `${title}. ${explanation}`,
  check_name: rule,
  fingerprint: identity,
  severity: SEVERITIES[severity],
  location: { path, lines: { begin: line, end: endLine } },
});
