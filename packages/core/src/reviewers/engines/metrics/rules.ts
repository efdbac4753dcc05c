import { languages } from "../../languages/registry";
import { describeRules } from "../rule-docs";

/** Paths through a function past which it is named. */
export const complexityLimit = 30;

const manyBranches = Array.from({ length: complexityLimit }, (_, step) => `  if (n === ${step}) n += ${step};`).join(
  "\n",
);

const measured = languages.filter(({ hasFunctions }) => hasFunctions).map(({ id }) => id);

export const metricsRules = describeRules("redline", measured, [
  {
    id: "complex-function",
    severity: "minor",
    confidence: "medium",
    title: "A function with very many paths",
    why: `More than ${complexityLimit} paths lead through this function: too many to hold in mind or to cover with tests. Parts that can be named are easier to change when they are functions of their own.`,
    bad: `export function step(n: number) {\n${manyBranches}\n  return n;\n}\n`,
    good: "export function step(n: number) {\n  return n < 30 ? n * 2 : n;\n}\n",
  },
]);
