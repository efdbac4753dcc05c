/** Hostile files for which the reviewer's worker often has to end: the slower half of what its own tests send. */
import { createReviewer, type Reviewer, type SourceFile } from "@redline/core/reviewers/index";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

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

const files: [string, SourceFile][] = [
  ["100,000 open brackets", script(nested("(", "", 100_000))],
  ["20,000 nested JSX elements", { ...script(nested("<a>", "</a>", 20_000)), language: "tsx" }],
  ["100,000 nested JSON arrays", { ...script(nested("[", "]", 100_000)), language: "json" }],
  ["100,000 nested CSS blocks", { ...script(nested("a{", "}", 100_000)), language: "css" }],
  ["500 KB of equal Python lines", python("x = x == None\n".repeat(36_000))],
  ["repeats of a secret's beginning", script("const password = 'aws secret aws secret aws secret ';\n".repeat(9_000))],
];

describe("hostile input", () => {
  it.each(files)("%s is reviewed or skipped with a reason, and the next file works", async (_, file) => {
    const report = await reviewer.check(file);
    if (report.coverage.state === "skipped") expect(report.coverage.reason).toBeTruthy();
    const proof = await reviewer.prove(file, report);
    expect(proof.proven.length + proof.rejected.length).toBe(report.problems.filter(({ fix }) => fix).length);
    const next = await reviewer.check(script("export const a = (x: unknown) => x == 1;\n"));
    expect(next.problems.map(({ rule }) => rule)).toEqual(["biome/suspicious/noDoubleEquals"]);
  });
});
