import { expect, it } from "vitest";
import type { Problem } from "../reviewers/schema";
import { type BaseProblem, matchWithBase } from "./base-match";

const problem = (identity: string, line: number, rule = "a/rule"): Problem => ({
  ...{ identity, rule, path: "a.ts", severity: "minor", confidence: "high" },
  ...{ start: 0, end: 1, startLine: line, endLine: line, symbol: "", title: rule, explanation: "" },
});
const base = (identity: string, line: number, rule?: string): BaseProblem => problem(identity, line, rule);

const before = "one\ntwo\nthree\nfour\n";
const after = "zero\none\ntwo\nTHREE\nfour\n";

it("calls a finding on unchanged lines old, though its symbol has another name now", () => {
  const { old, gone } = matchWithBase([problem("new-name", 3)], [base("old-name", 2)], { before, after });
  expect([...old]).toEqual(["new-name"]);
  expect(gone).toEqual([]);
});

it("tells equal findings apart by their lines, so that the added one is the new one", () => {
  const now = [problem("x0", 1), problem("x1", 2)];
  const { old } = matchWithBase(now, [base("x0", 1)], { before, after });
  expect([...old]).toEqual(["x1"]);
});

it("knows a finding on changed lines by its identity, and lists what is gone", () => {
  const there = [base("same", 3), base("fixed", 4, "b/rule")];
  const { old, gone } = matchWithBase([problem("same", 4), problem("fresh", 4, "c/rule")], there, { before, after });
  expect([...old]).toEqual(["same"]);
  expect(gone.map(({ identity }) => identity)).toEqual(["fixed"]);
});

it("goes by the lines alone where the base could not be reviewed", () => {
  const { old } = matchWithBase([problem("untouched", 2), problem("touched", 4)], null, { before, after });
  expect([...old]).toEqual(["untouched"]);
});
