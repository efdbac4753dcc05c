/** JUnit's XML: a test case for each file, which fails on new findings that fail the review. */
import { severities } from "@redline/core/reviewers/schema";
import type { Finding, ReviewedFile } from "../review/result";
import type { Format, ReportContext } from "./format";

export const junitFormat = ({ failOn }: ReportContext): Format => ({
  end(files) {
    const cases = files.map((file) => testCase(file, failOn));
    const failures = cases.filter(({ isFailure }) => isFailure).length;
    const skipped = files.filter(({ coverage }) => coverage.state === "skipped").length;
    const counts = `tests="${files.length}" failures="${failures}" skipped="${skipped}" errors="0"`;
    const lines = [
      '<?xml version="1.0" encoding="UTF-8"?>',
      `<testsuites name="redline" ${counts}>`,
      `  <testsuite name="redline review" ${counts}>`,
      ...cases.flatMap((each) => each.lines),
      "  </testsuite>",
      "</testsuites>",
    ];
    return { text: `${lines.join("\n")}\n` };
  },
});

function testCase(
  { path, findings, coverage }: ReviewedFile,
  failOn: ReportContext["failOn"],
): { lines: string[]; isFailure: boolean } {
  const fails = severities.slice(0, severities.indexOf(failOn) + 1);
  const fresh = findings.filter(({ isNew }) => isNew);
  const failing = fresh.filter(({ severity }) => fails.includes(severity));
  const others = fresh.filter((finding) => !failing.includes(finding));
  const inner = [
    ...(coverage.state === "skipped" ? [`<skipped message="${escapeXml(coverage.reason ?? "")}"/>`] : []),
    ...(failing.length > 0
      ? [`<failure message="${escapeXml(headline(failing))}">${escapeXml(failing.map(sentence).join("\n"))}</failure>`]
      : []),
    ...(others.length > 0 ? [`<system-out>${escapeXml(others.map(sentence).join("\n"))}</system-out>`] : []),
  ];
  const open = `<testcase classname="redline" name="${escapeXml(path)}" file="${escapeXml(path)}"`;
  const lines =
    inner.length === 0
      ? [`    ${open}/>`]
      : [`    ${open}>`, ...inner.map((line) => `      ${line}`), "    </testcase>"];
  return { lines, isFailure: failing.length > 0 };
}

function headline([first, ...more]: readonly Finding[]): string {
  return `${first?.title}${more.length > 0 ? ` (and ${more.length} more)` : ""}`;
}

const sentence = ({ path, line, column, severity, rule, title, explanation }: Finding): string =>
  `${path}:${line}:${column} ${severity} ${rule}: ${title}. ${explanation}`;

const LONE_SURROGATE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: XML has no way to write them
const NOT_IN_XML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;
const ENTITIES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&apos;" };

const escapeXml = (text: string): string =>
  text
    .replace(NOT_IN_XML, "\ufffd")
    .replace(LONE_SURROGATE, "\ufffd")
    .replace(/[&<>"']/g, (char) => ENTITIES[char] ?? char)
    .replace(/[\t\r\n]/g, (char) => `&#${char.charCodeAt(0)};`);
