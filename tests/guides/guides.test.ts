import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { followGuides, type GuideCopy, TYPES_CONFIG } from "../support/guide";

/** One copy for all guides: loading Redline, its types and its tests takes longer than what each guide adds to them. */
let copy: GuideCopy;
beforeAll(async () => {
  copy = await followGuides("add-a-kind-of-work.md", "add-a-page.md", "add-an-engine.md", "add-an-operation.md");
});
afterAll(() => copy?.remove());

describe("the guides together", () => {
  it("lead to code that passes the formatter and linter", () => {
    expect(copy.run("biome", "check", "--error-on-warnings", ...copy.paths)).toMatchObject({ code: 0 });
  });

  it("lead to code without a type error", () => {
    expect(copy.run("tsc", "--project", TYPES_CONFIG, "--pretty", "false")).toEqual({ code: 0, output: "" });
  });
});

const MATRIX = "tests/security/access-matrix.test.ts";
const CATALOGUE = "packages/core/src/reviewers/engines/catalogue.test.ts";

type GuideTests = [file: string, name: RegExp, passed: number][];

/** The tests that each guide writes, and those of the repository that must know what it adds. */
const GUIDES: { guide: string; outcome: string; tests: GuideTests }[] = [
  {
    guide: "add-a-kind-of-work.md",
    outcome: "leads to a kind of work that survives its worker, can be cancelled, and that the operations page lists",
    tests: [
      ["packages/core/src/review/growth.test.ts", /growth/, 5],
      [MATRIX, /lists every operation/, 1],
    ],
  },
  {
    guide: "add-a-page.md",
    outcome: "leads to a page that shows what its test expects",
    tests: [["app/languages/languages.test.ts", /counts the languages/, 1]],
  },
  {
    guide: "add-an-engine.md",
    outcome: "leads to an engine whose examples pass, and whose findings the public operation returns",
    tests: [
      [CATALOGUE, /csv/, 3],
      ["packages/core/src/reviewers/engines/csv/csv.test.ts", /csv/, 2],
    ],
  },
  {
    guide: "add-an-operation.md",
    outcome: "leads to an operation whose tests pass, and that the access matrix covers",
    tests: [
      ["packages/core/src/sessions/description.test.ts", /description/, 2],
      [MATRIX, /lists every operation/, 1],
      [MATRIX, /of sessions.manage/, 1],
    ],
  },
];

type Results = { testResults: { name: string; assertionResults: { fullName: string; status: string }[] }[] };

describe("the guide", () => {
  let results: Results;
  let failed: { code: number | null; output: string } | undefined;
  beforeAll(() => {
    const tests = GUIDES.flatMap((each) => each.tests);
    const files = new Set(tests.map(([file]) => file));
    const names = new Set(tests.map(([, name]) => name.source));
    const report = join(copy.folder, "results.json");
    const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
    const run = copy.run("vitest", "run", ...reporters, ...files, "-t", [...names].join("|"));
    if (run.code !== 0) failed = run;
    results = JSON.parse(readFileSync(report, "utf8")) as Results;
  });

  it.each(GUIDES)("$guide $outcome", ({ tests }) => {
    for (const [file, name, passed] of tests) {
      const ran = results.testResults.find((each) => each.name.endsWith(file))?.assertionResults ?? [];
      const statuses = ran.filter(({ fullName }) => name.test(fullName)).map(({ status }) => status);
      expect({ file, statuses }).toEqual({ file, statuses: Array(passed).fill("passed") });
    }
    expect(failed).toBeUndefined();
  });
});
