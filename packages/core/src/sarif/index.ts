/** SARIF 2.1.0, as code scanning takes it: within its limits, with what was cut said. */
import { gzipSync } from "node:zlib";
import { severities } from "../reviewers/schema";
import { result } from "./result";
import { reportedRules } from "./rules";
import type { ReportedFile, ReportedFinding } from "./schema";

/** GitHub's: https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning */
export const MAX_RESULTS = 25_000;
export const MAX_GZIPPED_BYTES = 10_000_000;

const SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/** `notes` say what the log leaves out; `version` is that of the program that writes it, where it has one. */
export type SarifContext = { version?: string; notes: readonly string[] };

/** Returns a SARIF log of findings, cut to the worst where it is over the limits: `notes` say so, for people. */
export function sarifLog(
  files: readonly ReportedFile[],
  context: SarifContext,
  limits = { results: MAX_RESULTS, gzippedBytes: MAX_GZIPPED_BYTES },
): { text: string; notes: string[] } {
  const all = files.flatMap((file) => file.findings.map((finding): Reported => ({ finding, file })));
  const notes: string[] = [];
  let kept = all.length > limits.results ? worst(all, limits.results) : all;
  if (kept.length < all.length) notes.push(cutNote(kept.length, all.length, `${limits.results} results`));
  let text = render(kept, { files, context, notes });
  for (let size = gzipSync(text).length; size > limits.gzippedBytes && kept.length > 0; size = gzipSync(text).length) {
    kept = worst(kept, Math.floor(kept.length * Math.min(0.9, limits.gzippedBytes / size)));
    notes.splice(0, 1, cutNote(kept.length, all.length, `${limits.gzippedBytes / 1e6} MB compressed`));
    text = render(kept, { files, context, notes });
  }
  return { text, notes };
}

export type Reported = { finding: ReportedFinding; file: ReportedFile };

const cutNote = (kept: number, all: number, limit: string): string =>
  `The SARIF log holds the worst ${kept} of ${all} findings: code scanning takes ${limit}.`;

/** New ones first, then by severity; in the order of the files. */
function worst(reported: readonly Reported[], count: number): Reported[] {
  const rank = ({ finding: { isNew, severity } }: Reported) => (isNew ? 0 : 10) + severities.indexOf(severity);
  const chosen = new Set([...reported].sort((a, b) => rank(a) - rank(b)).slice(0, count));
  return reported.filter((each) => chosen.has(each));
}

type Whole = { files: readonly ReportedFile[]; context: SarifContext; notes: readonly string[] };

function render(reported: readonly Reported[], { files, context, notes }: Whole): string {
  const { version } = context;
  const rules = reportedRules(reported.map(({ finding }) => finding.rule));
  const indexOf = new Map(rules.map(({ id }, index) => [id, index]));
  const log = {
    $schema: SCHEMA,
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: "Redline",
            ...(version && { fullName: `Redline ${version}`, version, semanticVersion: version }),
            rules,
          },
        },
        columnKind: "utf16CodeUnits",
        automationDetails: { id: "redline/" },
        originalUriBaseIds: { SRCROOT: { description: { text: "The root of the repository." } } },
        invocations: [
          { executionSuccessful: true, toolExecutionNotifications: notifications(files, [...context.notes, ...notes]) },
        ],
        results: reported.map((each) => result(each, indexOf.get(each.finding.rule))),
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

/** Notifications about skipped files and omitted results. */
function notifications(files: readonly ReportedFile[], notes: readonly string[]) {
  const partial = files.filter(({ coverage }) => coverage.state !== "covered");
  return [
    ...notes.map((text) => ({ level: "warning", message: { text } })),
    ...partial.map(({ path, coverage }) => ({
      level: coverage.isFailed ? "error" : "note",
      message: { text: `${path}: ${coverage.state}, ${coverage.reason}` },
    })),
  ];
}
