import { countsText } from "./counts-text";

type FileCoverage = { path: string; state: string; reason?: string };

/** Returns how many files were covered, in part or not at all, such as "3 covered · 1 skipped". */
export function coverageText(files: readonly FileCoverage[]): string {
  const count = (state: string) => files.filter((file) => file.state === state).length;
  return countsText([
    [count("covered"), "covered"],
    [count("partly"), "partially covered"],
    [count("skipped"), "skipped"],
  ]);
}

const gapsOf = (files: readonly FileCoverage[]) => files.filter((file) => file.state !== "covered");

/** Returns a line with the reason for each file that was not covered in full. */
export const describeGaps = (files: readonly FileCoverage[]): string =>
  gapsOf(files)
    .map(({ path, reason }) => `${path}: ${reason ?? "no reason given"}`)
    .join("\n");

/** Lists the files that were not covered in full, with the reasons; nothing when all were. */
export function CoverageGaps({ label, files }: { label: string; files: readonly FileCoverage[] }) {
  const gaps = gapsOf(files);
  if (gaps.length === 0) return null;
  return (
    <ul aria-label={label}>
      {gaps.map((file) => (
        <li key={file.path}>
          <b>{file.path}</b> {file.state === "partly" ? "partially covered" : "skipped"}:{" "}
          {file.reason ?? "no reason given"}
        </li>
      ))}
    </ul>
  );
}
