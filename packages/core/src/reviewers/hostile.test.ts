import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createReviewer, type Reviewer, type SourceFile } from "./index";

let reviewer: Reviewer;
beforeAll(() => {
  reviewer = createReviewer();
});
afterAll(() => reviewer.close());

const script = (text: string): SourceFile => ({ path: "hostile.ts", language: "typescript", text });
const python = (text: string): SourceFile => ({ path: "hostile.py", language: "python", text });

/** Wrapped, so that no line is too long and the parsers see it. */
const nested = (open: string, close: string, depth: number) => {
  const line = (bracket: string) => `${bracket.repeat(50)}\n`.repeat(depth / 50);
  return line(open) + line(close);
};

const skippedByLimit: [string, SourceFile, RegExp][] = [
  ["5 MB of code", script("const a = 1;\n".repeat(400_000)), /larger than 512 KB/],
  ["a minified line of 1 MB", script("a=1;".repeat(262_144)), /larger than 512 KB/],
  ["a minified line of 3,000 characters", script("a=1;".repeat(750)), /longer than 2,000 characters/],
  ["5 MB of one character", script("a".repeat(5 * 1024 * 1024)), /larger than 512 KB/],
  ["null bytes", script("const a = '\0';"), /NUL/],
  [
    "a text of few bytes but many of them",
    script("é".repeat(200_000).concat("é".repeat(100_000))),
    /larger than 512 KB/,
  ],
];

const survived: [string, SourceFile][] = [
  ["100,000 nested brackets", script(nested("[", "]", 100_000))],
  ["100,000 nested Python brackets", python(nested("(", ")", 100_000))],
  ["500 KB of one statement", script("x==1;\n".repeat(85_000))],
  ["unpaired surrogates", script("export const a = '\uD800' == '\uDC00';\n")],
  ["unpaired surrogates in Python", python("x = '\uD800' == None\n")],
  ["nothing at all", script("")],
  ["only a BOM", script("\uFEFF")],
  ["lone carriage returns", python("import os\rimport sys\r")],
];

describe("hostile input", () => {
  it.each(skippedByLimit)("%s is skipped with its reason", async (_, file, reason) => {
    const report = await reviewer.check(file);
    expect(report.coverage.state).toBe("skipped");
    expect(report.coverage.reason).toMatch(reason);
    expect(await reviewer.evidence(null, file)).toMatchObject({ added: [], notChecked: expect.stringMatching(reason) });
  });

  it.each(survived)("%s is reviewed or skipped, and the next file works", async (_, file) => {
    const report = await reviewer.check(file);
    if (report.coverage.state === "skipped") expect(report.coverage.reason).toBeTruthy();
    const proof = await reviewer.prove(file, report);
    expect(proof.proven.length + proof.rejected.length).toBe(report.problems.filter(({ fix }) => fix).length);
    for (const { start, end } of report.problems) {
      expect(start).toBeLessThanOrEqual(end);
      expect(end).toBeLessThanOrEqual(file.text.length);
    }
    const next = await reviewer.check(script("export const a = (x: unknown) => x == 1;\n"));
    expect(next.problems.map(({ rule }) => rule)).toEqual(["biome/suspicious/noDoubleEquals"]);
  });

  it("never changes a text that UTF-8 cannot carry except where it is fixed", async () => {
    const file = script("export const a = (x: unknown) => x == 0 || x === '\uD800';\n");
    const { problems } = await reviewer.check(file);
    const result = await reviewer.compose(
      file,
      problems.map(({ identity, fix }) => ({ id: identity, edits: fix?.edits ?? [] })),
    );
    expect(result.text).toBe(file.text.replace("==", "==="));
  });
});
