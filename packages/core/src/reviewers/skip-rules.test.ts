import { afterEach, describe, expect, it } from "vitest";
import { LIMITS } from "../limits";
import { createReviewer, type FileReport, type Problem, type Reviewer, type SourceFile } from "./index";

const scripted = (text: string): SourceFile => ({ path: "file.txt", language: "scripted", text });

const open: Reviewer[] = [];

function start(): Reviewer {
  const reviewer = createReviewer({ workerUrl: new URL("./scripted-worker.test-support.ts", import.meta.url) });
  open.push(reviewer);
  return reviewer;
}

afterEach(async () => {
  await Promise.all(open.splice(0).map((reviewer) => reviewer.close()));
});

/** Returns the number of files that the worker of a report has checked. */
const checkedBy = ({ problems }: FileReport) => Number(/file (\d+) of/.exec(problems[0]?.title ?? "")?.[1]);

const withFix = (file: SourceFile, report: FileReport): FileReport => {
  const fix = { summary: "Say it", safety: "safe" as const, edits: [{ start: 0, end: 0, text: "a" }] };
  return { ...report, problems: [{ ...(report.problems[0] as Problem), path: file.path, fix }] };
};

describe("an engine in the reviewer's worker", () => {
  it.each([
    ["hang", /^took longer than 5 s$/],
    ["throw", /^the checker failed on it: an engine's own words$/],
    ["descend", /^nested too deeply to be checked$/],
    ["die", /^it ended$/],
  ])(
    "that is made to %s costs its own file only: that one is skipped, and a new worker checks the next",
    async (act, reason) => {
      const reviewer = start();
      expect(checkedBy(await reviewer.check(scripted("first")))).toBe(1);
      const [broken, next] = await Promise.all([reviewer.check(scripted(act)), reviewer.check(scripted("next"))]);
      const coverage = { path: "file.txt", state: "skipped", reason: expect.stringMatching(reason), isFailed: true };
      expect(broken.coverage).toEqual(coverage);
      expect(checkedBy(next)).toBe(1);
    },
  );

  it("that has grown past its memory is replaced before the next file", async () => {
    const reviewer = start();
    const grown = await reviewer.check(scripted("grow"));
    expect(grown.coverage.state).toBe("partly");
    expect(checkedBy(await reviewer.check(scripted("next")))).toBe(1);
  });

  it("that hangs verifies no fix, composes nothing, and reports a change as not checked", async () => {
    const reviewer = start();
    const file = scripted("hang");
    const fine = scripted("fine");
    const report = withFix(file, await reviewer.check(fine));
    const reason = "took longer than 5 s";
    const identity = report.problems[0]?.identity;
    expect(await reviewer.prove(file, report)).toEqual({ proven: [], rejected: [{ identity, reason }] });
    const edits = [{ start: 0, end: 0, text: "a " }];
    const composed = await reviewer.compose(file, [{ id: "one", edits }]);
    expect(composed).toMatchObject({ text: "hang", kept: [], skipped: [{ id: "one" }] });
    expect(await reviewer.evidence(fine, file)).toMatchObject({ added: [], notChecked: reason });
    expect(checkedBy(await reviewer.check(scripted("next")))).toBe(1);
  });
});

const script = (text: string): SourceFile => ({ path: "file.ts", language: "typescript", text });

describe("a skipped file", () => {
  const { maxNesting } = LIMITS.review;
  it.each<[string, SourceFile, RegExp]>([
    ["5 MB of code", script("const a = 1;\n".repeat(400_000)), /larger than 512 KB/],
    ["NUL characters", script("const a = '\0';"), /NUL/],
    ["few characters but many bytes", script("é".repeat(300_000)), /larger than 512 KB/],
    ["brackets in brackets", scripted("(".repeat(maxNesting + 1)), new RegExp(`more than ${maxNesting} levels deep`)],
  ])("has its reason: %s", async (_, file, reason) => {
    const reviewer = start();
    const report = await reviewer.check(file);
    expect(report.coverage).toMatchObject({ state: "skipped", reason: expect.stringMatching(reason) });
    expect(await reviewer.evidence(null, file)).toMatchObject({ added: [], notChecked: expect.stringMatching(reason) });
    expect(checkedBy(await reviewer.check(scripted("next")))).toBe(1);
  });
});
