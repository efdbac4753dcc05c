/** Annotations on a pull request: the commands that GitHub Actions reads from a step's output. */
import type { Severity } from "@redline/core/reviewers/schema";
import type { Finding } from "../review/result";
import type { Format } from "./format";

const COMMANDS: Record<Severity, string> = { critical: "error", major: "error", minor: "warning", nit: "notice" };

export const githubFormat: Format = {
  file: ({ findings }) =>
    findings
      .filter(({ isNew }) => isNew)
      .map(annotation)
      .join(""),
  end: () => ({ text: "" }),
};

function annotation({ path, line, endLine, column, endColumn, severity, rule, title, explanation }: Finding): string {
  const properties: [string, string | number][] = [
    ["file", path],
    ["line", line],
    ["endLine", endLine],
    // Columns over several lines are not understood.
    ...(line === endLine
      ? ([
          ["col", column],
          ["endColumn", endColumn],
        ] as [string, number][])
      : []),
    ["title", `${severity}: ${rule}`],
  ];
  const written = properties.map(([name, value]) => `${name}=${escapeProperty(String(value))}`).join(",");
  return `::${COMMANDS[severity]} ${written}::${escapeData(`${title}. ${explanation}`)}\n`;
}

const escapeData = (text: string): string =>
  text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");

const escapeProperty = (text: string): string => escapeData(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
