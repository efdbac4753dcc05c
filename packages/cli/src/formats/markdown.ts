/** Markdown for a comment on a pull request, or a job's summary. */
import { LineIndex } from "@redline/core/text/index";
import type { Finding, ReviewedFile, Summary } from "../review/result";
import { fixRedline } from "./code-frame";
import type { Format } from "./format";
import { coverageLines, summaryLine } from "./summary";

const MARKS = { critical: "🟥", major: "🟧", minor: "🟨", nit: "⬜" } as const;

export const markdownFormat: Format = {
  end: (files, summary) => ({ text: page(files, summary) }),
};

function page(files: readonly ReviewedFile[], summary: Summary): string {
  const parts = ["### Redline", `${escapeMarkdown(summaryLine(summary))}`];
  for (const file of files) {
    const fresh = file.findings.filter(({ isNew }) => isNew);
    if (fresh.length === 0) continue;
    const lines = new LineIndex(file.text ?? "");
    parts.push(`#### ${code(file.path)}`, ...fresh.map((finding) => section(finding, lines)));
  }
  const rest = [...coverageLines(files), ...summary.notes];
  if (rest.length > 0) parts.push(rest.map((line) => `- ${escapeMarkdown(line)}`).join("\n"));
  return `${parts.join("\n\n")}\n`;
}

function section({ severity, line, rule, title, explanation, fix }: Finding, lines: LineIndex): string {
  const head = `${MARKS[severity]} **${severity}**, line ${line}: ${escapeMarkdown(title)} (${code(rule)})  \n${escapeMarkdown(explanation)}`;
  if (!fix) return head;
  const { gone, come } = fixRedline(fix, lines);
  const redline = [...gone.map((text) => `-${text}`), ...come.map((text) => `+${text}`)].join("\n");
  const fence = "`".repeat(Math.max(3, 1 + longestRun(redline)));
  return `${head}\n\n${escapeMarkdown(fix.summary)} (${fix.safety === "safe" ? "safe" : "review first"}):\n\n${fence}diff\n${redline}\n${fence}`;
}

const longestRun = (text: string): number => Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));

/** Text that stands for itself; code between backticks stays code. */
const escapeMarkdown = (text: string): string =>
  text
    .split(/(`[^`]+`)/)
    .map((part, at) => (at % 2 === 1 ? part : part.replace(/[\\`*_{}[\]<>#+|~@]/g, "\\$&")))
    .join("");

function code(text: string): string {
  const ticks = "`".repeat(1 + longestRun(text));
  return `${ticks}${text.startsWith("`") || text.endsWith("`") ? ` ${text} ` : text}${ticks}`;
}
