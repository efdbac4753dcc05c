/** Findings for people at a terminal. */
import type { Severity } from "@redline/core/reviewers/schema";
import { LineIndex } from "@redline/core/text/index";
import type { Finding, ReviewedFile, Summary } from "../review/result";
import { printable } from "../terminal";
import { codeFrame, type FrameOptions, fixLines } from "./code-frame";
import type { Format } from "./format";
import { counted, coverageLines, newCount, summaryLine } from "./summary";

const SYMBOLS: Record<Severity, string> = { critical: "◆", major: "▲", minor: "△", nit: "○" };

export function textFormat(options: FrameOptions): Format {
  const { colors } = options;
  const paint: Record<Severity, (text: string) => string> = {
    critical: (text) => colors.bold(colors.red(text)),
    major: colors.red,
    minor: colors.yellow,
    nit: colors.cyan,
  };

  function finding(each: Finding, lines: LineIndex): string {
    const severity = paint[each.severity](`${SYMBOLS[each.severity]} ${each.severity}`);
    const place = `${printable(each.path)}:${each.line}:${each.column}`;
    const parts = [
      `${severity}  ${colors.underline(place)}  ${colors.dim(each.rule)}`,
      `  ${colors.bold(printable(each.title))}`,
      ...indent(codeFrame(each, lines, options)),
    ];
    if (each.fix) {
      const kind = each.fix.safety === "safe" ? "safe fix" : "review first";
      parts.push(`  ${colors.dim(`Fix (${kind}):`)} ${printable(each.fix.summary)}`);
      parts.push(...indent(fixLines(each.fix, lines, options)));
    }
    return `${parts.join("\n")}\n\n`;
  }

  return {
    file({ path, findings, text, fixed, notFixed, coverage }) {
      const lines = new LineIndex(text ?? "");
      const shown = findings.filter(({ isNew }) => isNew).map((each) => finding(each, lines));
      const warning = colors.yellow("!");
      const notes = [
        ...(fixed ? [`${colors.green("✔")} ${printable(path)}: ${counted(fixed.length, "finding")} fixed\n`] : []),
        ...(notFixed ? [`${warning} ${printable(path)}: not fixed, ${notFixed}\n`] : []),
        ...(coverage.isFailed ? [`${warning} ${printable(path)}: ${coverage.reason}\n`] : []),
      ];
      return shown.join("") + notes.join("");
    },
    end: (files, summary) => ({ text: closing(files, summary, options) }),
  };
}

const indent = (lines: readonly string[]): string[] => lines.map((line) => `  ${line}`);

function closing(files: readonly ReviewedFile[], summary: Summary, { colors }: FrameOptions): string {
  const line = summaryLine(summary);
  const parts = [
    newCount(summary) === 0 ? colors.green(line) : line,
    ...coverageLines(files).map((each) => colors.dim(each)),
    ...summary.notes.map((note) => `${colors.yellow("!")} ${note}`),
  ];
  return `${parts.join("\n")}\n`;
}
