/** Sentences about a whole review, for formats that people read. */
import type { ReviewedFile, Summary } from "../review/result";
import { printable } from "../terminal";

const MAX_NAMED = 3;

export const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? "" : "s"}`;

export const newCount = ({ new: counts }: Summary): number =>
  Object.values(counts).reduce((sum, count) => sum + count, 0);

export function summaryLine(summary: Summary): string {
  const severities = Object.entries(summary.new).flatMap(([name, count]) => (count > 0 ? `${count} ${name}` : []));
  const total = newCount(summary);
  const found = total === 0 ? "No new findings" : `${counted(total, "new finding")} (${severities.join(", ")})`;
  const old = summary.old === 0 ? "" : ` ${summary.old} older ${summary.old === 1 ? "one is" : "ones are"} not shown.`;
  return `${found} in ${counted(summary.files, "file")}, ${summary.head} against ${summary.base}.${old}`;
}

/** Files that were not covered in full, those with the same reason on one line. */
export function coverageLines(files: readonly ReviewedFile[]): string[] {
  const groups = new Map<string, string[]>();
  for (const { path, coverage } of files) {
    if (coverage.state === "covered") continue;
    const key = `${coverage.state === "skipped" ? "Skipped" : "Partially covered"} (${coverage.reason})`;
    groups.set(key, [...(groups.get(key) ?? []), printable(path)]);
  }
  return [...groups].map(([key, paths]) => {
    const rest = paths.length > MAX_NAMED ? ` and ${paths.length - MAX_NAMED} more` : "";
    return `${key}: ${paths.slice(0, MAX_NAMED).join(", ")}${rest}`;
  });
}
