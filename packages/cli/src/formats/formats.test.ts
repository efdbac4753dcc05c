import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { sarifLog } from "@redline/core/sarif/index";
import { LineIndex } from "@redline/core/text/index";
import { Ajv2020 } from "ajv/dist/2020.js";
import { createColors } from "picocolors";
import { describe, expect, it } from "vitest";
import { type Finding, type ReviewedFile, summarise } from "../review/result";
import { codeFrame } from "./code-frame";
import { githubFormat } from "./github";
import { gitlabFormat } from "./gitlab";
import { junitFormat } from "./junit";
import { markdownFormat } from "./markdown";

const PATH = "src/a b/ü%.ts";
const TEXT = "const a = 1;\nif (a == '<&\"`') {}\n";
const finding: Finding = {
  ...{ identity: "0123456789abcdef", path: PATH, line: 2, column: 7, endLine: 2, endColumn: 9, start: 19, end: 21 },
  ...{ severity: "minor", confidence: "high", rule: "biome/suspicious/noDoubleEquals", isNew: true },
  ...{ title: "`==` converts, always: 100%", explanation: "Why <this>\nmatters, and how." },
  fix: { summary: "Use ===", safety: "unsafe", edits: [{ start: 21, end: 21, text: "=" }] },
};
const file: ReviewedFile = {
  path: PATH,
  coverage: { path: PATH, state: "covered" },
  findings: [finding, { ...finding, identity: "fedcba9876543210", isNew: false, severity: "major", fix: undefined }],
  text: TEXT,
};
const skipped: ReviewedFile = {
  path: "b",
  coverage: { path: "b", state: "skipped", reason: "is binary" },
  findings: [],
};
const files = [file, skipped];
const summary = summarise(files, { base: "HEAD", head: "the work tree", notes: [] });
const context = { failOn: "minor", version: "1.2.3" } as const;

describe("SARIF", () => {
  const schema = JSON.parse(readFileSync("tests/fixtures/sarif-2.1.0.schema.json", "utf8"));
  const validate = new Ajv2020({ strict: false, validateFormats: false }).compile(schema);

  it("is valid by the SARIF schema, with what code scanning asks for", () => {
    const log = JSON.parse(sarifLog(files, { ...context, notes: summary.notes }).text);
    expect(validate(log), JSON.stringify(validate.errors)).toBe(true);
    const [run] = log.runs;
    expect(run.columnKind).toBe("utf16CodeUnits");
    expect(run.tool.driver.rules[0]).toMatchObject({
      id: finding.rule,
      help: { text: expect.any(String), markdown: expect.any(String) },
      properties: { precision: "high", "problem.severity": "warning" },
    });
    expect(run.results[0]).toMatchObject({
      ruleIndex: 0,
      level: "warning",
      baselineState: "new",
      partialFingerprints: { "redlineIdentity/v1": finding.identity },
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: "src/a%20b/%C3%BC%25.ts", uriBaseId: "SRCROOT" },
            region: { startLine: 2, startColumn: 7, endLine: 2, endColumn: 9, snippet: { text: "==" } },
          },
        },
      ],
      fixes: [
        {
          artifactChanges: [
            {
              replacements: [
                {
                  deletedRegion: { startLine: 2, startColumn: 9, endLine: 2, endColumn: 9 },
                  insertedContent: { text: "=" },
                },
              ],
            },
          ],
        },
      ],
    });
    expect(run.results[1]).toMatchObject({ level: "error", baselineState: "unchanged" });
    expect(run.invocations[0].toolExecutionNotifications).toMatchObject([
      { message: { text: "b: skipped, is binary" } },
    ]);
  });

  it("keeps the worst findings where there are more than code scanning takes, and says so", () => {
    const { text, notes } = sarifLog(files, { ...context, notes: summary.notes }, { results: 1, gzippedBytes: 1e6 });
    expect(JSON.parse(text).runs[0].results).toMatchObject([{ baselineState: "new" }]);
    expect(notes).toEqual(["The SARIF log holds the worst 1 of 2 findings: code scanning takes 1 results."]);
    expect(text).toContain("The SARIF log holds the worst 1 of 2 findings");
  });

  it("stays below the size that code scanning takes", () => {
    const many = Array.from({ length: 500 }, (_, index) => ({
      ...finding,
      title: `${Math.sin(index)}${Math.cos(index)}`,
    }));
    const { text, notes } = sarifLog(
      [{ ...file, findings: many }],
      { ...context, notes: summary.notes },
      {
        results: 1e4,
        gzippedBytes: 6_000,
      },
    );
    expect(gzipSync(text).length).toBeLessThanOrEqual(6_000);
    expect(notes?.[0]).toMatch(/worst \d+ of 500 findings: code scanning takes 0.006 MB/);
    expect(JSON.parse(text).runs[0].results.length).toBeGreaterThan(0);
  });
});

it("escapes what GitHub's commands would take for their own", () => {
  const other = { ...finding, path: "a,b:c.ts", endLine: 3 };
  expect(githubFormat.file?.({ ...file, findings: [other] })).toBe(
    "::warning file=a%2Cb%3Ac.ts,line=2,endLine=3,title=minor%3A biome/suspicious/noDoubleEquals::`==` converts, always: 100%25. Why <this>%0Amatters, and how.\n",
  );
});

it("gives GitLab one issue for each new finding, told apart by its identity", () => {
  const report = JSON.parse(gitlabFormat.end(files, summary).text);
  expect(report).toEqual([
    {
      description: expect.any(String),
      check_name: finding.rule,
      fingerprint: finding.identity,
      severity: "minor",
      location: { path: PATH, lines: { begin: 2, end: 2 } },
    },
  ]);
});

it("writes JUnit's XML with a failure for what fails the review, and nothing that XML can't hold", () => {
  const odd = { ...finding, title: 'a "b" <c> & \u0001 \ud800' };
  const { text } = junitFormat(context).end([{ ...file, findings: [odd] }, skipped], summary);
  expect(text).toContain('tests="2" failures="1" skipped="1"');
  expect(text).toContain('<failure message="a &quot;b&quot; &lt;c&gt; &amp; \ufffd \ufffd">');
  expect(text).toContain('<skipped message="is binary"/>');
  expect(junitFormat({ ...context, failOn: "critical" }).end([file], summary).text).toContain('failures="0"');
});

it("writes Markdown in which code stays code and nothing else is formatted", () => {
  const { text } = markdownFormat.end([{ ...file, findings: [{ ...finding, title: "a *b* <c> `d*`" }] }], summary);
  expect(text).toContain("line 2: a \\*b\\* \\<c\\> `d*`");
  expect(text).toContain("```diff\n-if (a == '<&\"`') {}\n+if (a === '<&\"`') {}\n```");
});

it("marks the code below wide characters and tabs, and cuts long lines around it", () => {
  const frame = (text: string, start: number, end: number, columns = 80) => {
    const lines = new LineIndex(text);
    const [line, column] = lines.placeOf(start);
    const [endLine, endColumn] = lines.endPlaceOf(start, end);
    return codeFrame({ ...finding, line, column, endLine, endColumn, start, end }, lines, {
      colors: createColors(false),
      columns,
    });
  };
  expect(frame("\t日本 == 1\n", 4, 6)).toEqual(["> 1 │     日本 == 1", "    │          ^^"]);
  const [code = "", mark = ""] = frame(`${"x".repeat(500)} == ${"y".repeat(500)}`, 501, 503, 60);
  expect(code.length).toBeLessThanOrEqual(60);
  expect(code.slice(mark.indexOf("^"), mark.lastIndexOf("^") + 1)).toBe("==");
});
