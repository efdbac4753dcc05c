/** The sheet of a draw: figures of the whole review, then each drawn finding with its code and room for a verdict. */
import { severities } from "@redline/core/reviewers/schema";
import type { Finding, FolderReview } from "./review";

const FRAME_LINES = 2;
const FRAME_COLUMNS = 160;

type Origin = { dir: string; seed: number; link?: string };

export function sheet(review: FolderReview, drawn: readonly Finding[], { dir, seed, link }: Origin): string {
  const { findings, lines, files, coverage } = review;
  const perThousand = (count: number) => ((count * 1000) / Math.max(1, lines)).toFixed(2);
  const isShown = ({ severity }: Finding) => severity !== "nit";
  const counts = severities.map((each) => `${findings.filter(({ severity }) => severity === each).length} ${each}`);
  const shown = findings.filter(isShown).length;
  const partly = coverage.filter(({ state }) => state !== "covered");
  return [
    `# Findings of ${link ?? dir}, seed ${seed}`,
    "",
    `${files} files, ${lines} lines: ${findings.length} findings (${counts.join(", ")}).`,
    `Per 1,000 lines: ${perThousand(shown)} shown by default, ${perThousand(findings.length)} with folded nits.`,
    "",
    "| rule | findings |",
    "| --- | --- |",
    ...countBy(findings, ({ rule, severity, language }) => `${rule} (${severity}, ${language})`),
    "",
    "| not covered in full because it | files |",
    "| --- | --- |",
    ...countBy(partly, ({ reason = "" }) => cell(reason)),
    "",
    ...drawn.flatMap((finding, index) => entry(finding, index + 1, link)),
  ].join("\n");
}

function countBy<Item>(items: readonly Item[], keyOf: (item: Item) => string): string[] {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(keyOf(item), (counts.get(keyOf(item)) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1]).map(([key, count]) => `| ${key} | ${count} |`);
}

function entry(finding: Finding, number: number, link: string | undefined): string[] {
  const { path, startLine, endLine, rule, severity, title, fix } = finding;
  const place = link ? `[${path}:${startLine}](${link}/${path}#L${startLine})` : `${path}:${startLine}`;
  return [
    `## ${number}. ${rule} (${severity})`,
    "",
    `${place}: ${title}${fix ? ` (fix: ${fix.safety}, ${fix.summary})` : ""}`,
    "",
    "```",
    ...frame(finding.text, startLine, Math.min(endLine, startLine + FRAME_LINES)),
    "```",
    "",
    "| verdict | reason |",
    "| --- | --- |",
    "| | |",
    "",
  ];
}

function frame(text: string, from: number, to: number): string[] {
  const first = Math.max(1, from - FRAME_LINES);
  return text
    .split("\n")
    .slice(first - 1, to + FRAME_LINES)
    .map((line, index) => {
      const number = first + index;
      const mark = number >= from && number <= to ? ">" : " ";
      return `${mark} ${number} ${line.trimEnd().slice(0, FRAME_COLUMNS)}`.replaceAll("```", "` ` `");
    });
}

const cell = (text: string): string => text.replaceAll("|", "\\|");
